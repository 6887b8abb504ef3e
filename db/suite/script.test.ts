import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildScript } from "../build.ts";
import {
  definitionsOf,
  doctorsTable,
  insertBareTables,
  otherNames,
  ownMapping,
  refuseForeignChanges,
  rowsOf,
  strangeNames,
} from "./clinics.ts";
import { asUser, engines, paste, stateOf, titleOf } from "./engine.ts";
import type { Project } from "./project.ts";
import { appointments, insertPeople, insertSessions, people, sessions } from "./world.ts";

/** How many messages the bare tables hold: the whole claim is 1,000,000 on PostgreSQL. */
const bareRows = Number(process.env.BARE_ROWS ?? 20_000);

const messageOf = async (task: Promise<unknown>): Promise<string> => {
  const error = await task.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error("the script did not stop");
  return error.message;
};

it("db/04_create_consultation_tables.sql is what its parts say", () => {
  const committed = readFileSync(new URL("../04_create_consultation_tables.sql", import.meta.url));
  expect(committed.toString("utf8")).toBe(buildScript());
});

for (const engine of engines) {
  describe.skipIf(engine.absent !== null)(`the script on ${titleOf(engine)}`, () => {
    let project: Project;

    beforeAll(() => engine.start());
    afterAll(() => engine.stop());
    beforeEach(async () => {
      project = await engine.createProject();
      return () => project.close();
    });

    const todo = async () => (await paste(project)).filter((line) => line.todo !== "ok");
    const everything = async () => ({
      definitions: await definitionsOf(project),
      rows: await rowsOf(project),
    });
    /** Pastes again, and sees that neither a definition nor a row was touched. */
    const expectSecondRunChangesNothing = async () => {
      const before = await everything();
      await paste(project);
      expect(await everything()).toEqual(before);
    };

    it("works alone on a blank project, and a second time changes nothing", async () => {
      expect(await todo()).toEqual([]);
      await insertPeople(project);
      await insertSessions(project);
      await project.exec("update consultation_settings set clinic_name = 'Ours'");
      await expectSecondRunChangesNothing();
    });

    it("takes over the guide's bare tables with every row, within the editor's minute", async () => {
      const count = engine.concurrent ? bareRows : Math.min(bareRows, 20_000);
      await insertBareTables(project, count);
      const began = performance.now();
      const lines = await todo();
      const seconds = (performance.now() - began) / 1000;
      process.stdout.write(
        `script over ${count} bare messages on ${engine.name}: ${seconds.toFixed(1)} s\n`,
      );
      expect(seconds).toBeLessThan(60);
      // The rows' appointments are not in the new table: said, and nothing was lost.
      expect(lines.map((line) => line.item)).toEqual([
        "rule consultation_sessions_appointment_fkey",
      ]);
      const [sums] = await project.query(`select count(*) as messages,
        count(*) filter (where m.seq between 1 and s.last_seq and m.doctor_id = s.doctor_id) as numbered,
        (select sum(last_seq) from consultation_sessions) as last,
        (select count(*) from consultation_access) as access,
        (select 2 * count(*) from consultation_sessions) as sides
        from consultation_messages m join consultation_sessions s on s.id = m.session_id`);
      expect(sums).toEqual({
        messages: String(count),
        numbered: String(count),
        last: String(count),
        access: sums?.sides,
        sides: sums?.sides,
      });
      await expectSecondRunChangesNothing();
    });

    it("closes all but the newest of an appointment's live sessions, and gives an end its time", async () => {
      await insertBareTables(project, 300);
      const shared = appointments.live;
      await project.exec(`
        update consultation_sessions set appointment_id = '${shared}', status = 'active', ended_at = null;
        insert into consultation_sessions (id, appointment_id, patient_id, doctor_id, consultation_type, started_at, duration_seconds, status)
        values ('${sessions.past}', gen_random_uuid(), '${people.patient}', '${people.doctor}', 'chat', '2020-01-01T10:00:00Z', 90, 'ended')`);
      await paste(project);
      const rows = await project.query(
        `select status, ended_at is null as open from consultation_sessions where appointment_id = '${shared}' order by started_at desc`,
      );
      expect(rows).toEqual([
        { status: "active", open: true },
        { status: "ended", open: false },
        { status: "ended", open: false },
      ]);
      const [past] = await project.query(
        `select (ended_at = '2020-01-01T10:01:30Z') as right from consultation_sessions where id = '${sessions.past}'`,
      );
      expect(past).toEqual({ right: true });
    });

    it("takes rows that the guide's bare tables never forbade, and takes no more of them", async () => {
      await insertBareTables(project, 100);
      const shared = appointments.live;
      await project.exec(`
        insert into consultation_sessions (id, appointment_id, patient_id, doctor_id, consultation_type, status, created_at)
        values ('${sessions.past}', '${shared}', '${people.patient}', '${people.doctor}', 'phone', 'completed', '2020-01-01T10:00:00Z');
        insert into consultation_messages (session_id, sender_id, sender_role, content, message_type, created_at) values
          ('${sessions.past}', '${people.patient}', null, 'hello', null, null),
          ('${sessions.past}', '${people.doctor}', 'admin', null, 'image', now()),
          (null, '${people.doctor}', 'doctor', 'of no session', 'text', now())`);
      await paste(project);
      const [old] = await project.query(
        `select status, started_at = created_at as started, ended_at is not null as ended, last_seq from consultation_sessions where id = '${sessions.past}'`,
      );
      expect(old).toEqual({ status: "ended", started: true, ended: true, last_seq: "2" });
      expect(
        await project.query(
          `select sender_kind, created_at is not null as dated from consultation_messages where session_id = '${sessions.past}' order by seq`,
        ),
      ).toEqual([
        { sender_kind: "doctor", dated: true },
        { sender_kind: "patient", dated: true },
      ]);
      await expectSecondRunChangesNothing();
      // After a restore every row is stamped anew, those that break a rule too; the rule stays.
      await project.exec("select consultation_private.begin_new_epoch()");
      const say = (values: string) =>
        stateOf(
          project.exec(
            `insert into consultation_messages (session_id, created_at, sender_role, sender_name, content, message_type)
             select id, now(), ${values} from consultation_sessions where consultation_type = 'chat' limit 1`,
          ),
        );
      expect(await say("'doctor', 'Dr', 'words', 'text'")).toBe("00000");
      expect(await say("'doctor', 'Dr', null, 'text'")).toBe("23514");
      expect(await say("'doctor', 'Dr', 'words', null")).toBe("23514");
      expect(await say("'doctor', null, 'words', 'text'")).toBe("23514");
    });

    it("finds a clinic's own tables under other usual names, and leaves them as they are", async () => {
      await project.exec(otherNames);
      const before = [
        await definitionsOf(project, "bookings"),
        await definitionsOf(project, "users"),
      ].map((rows) => rows.filter((row) => row.relation !== "public"));
      expect(await todo()).toEqual([]);
      const after = [
        await definitionsOf(project, "bookings"),
        await definitionsOf(project, "users"),
      ].map((rows) => rows.filter((row) => row.relation !== "public"));
      expect(after).toEqual(before);
      expect(await project.query("select to_regclass('public.profiles') as made")).toEqual([
        { made: null },
      ]);

      await project.exec(`
        insert into auth.users (id) values ('${people.doctor}'), ('${people.patient}');
        insert into users (user_id, first_name, last_name, user_type, dob) values
          ('${people.doctor}', 'Dee', 'Doctor', 'Physician', null), ('${people.patient}', 'Pat', 'Patient', 'client', '1980-02-03');
        insert into bookings (id, client_id, provider_id, booking_date, booking_time, end_time, mode, state, title) values
          ('${appointments.live}', '${people.patient}', '${people.doctor}', '2026-03-04', '09:30', '2026-03-04T10:00:00Z', 'Phone', 'booked', 'Cough')`);
      const [seen] = await asUser(project, people.doctor, async (sql) => {
        await sql.query("select start_consultation($1, $2, $3, 'audio')", [
          appointments.live,
          people.patient,
          people.doctor,
        ]);
        return sql.query(`select a.appointment_type, a.duration_minutes, a.status, a.reason,
          a.starts_at = '2026-03-04T09:30:00Z' as on_time, p.full_name, p.role, p.date_of_birth::text
          from clinic_appointments a join clinic_people p on p.id = a.patient_id`);
      });
      expect(seen).toEqual({
        appointment_type: "audio",
        duration_minutes: 30,
        status: "booked",
        reason: "Cough",
        on_time: true,
        full_name: "Pat Patient",
        role: "patient",
        date_of_birth: "1980-02-03",
      });
      await expectSecondRunChangesNothing();
    });

    it("reads a start without a zone as UTC, whatever the database's own zone is", async () => {
      await project.exec(`
        set session authorization project_owner;
        create table public.appointments (id uuid primary key default gen_random_uuid(), patient_id uuid, doctor_id uuid,
          start_time timestamp, end_time timestamp);
        insert into public.appointments (start_time, end_time) values ('2031-05-05 10:00', '2031-05-05 10:20');
        set session authorization postgres`);
      await paste(project);
      await project.exec("set timezone = 'America/New_York'");
      expect(
        await project.query(
          "select starts_at = '2031-05-05T10:00:00Z' as right, duration_minutes from consultation_private.appointment_map",
        ),
      ).toEqual([{ right: true, duration_minutes: 20 }]);
    });

    it("stops before any change where it cannot find a column, and goes on with the clinic's own view", async () => {
      await project.exec(strangeNames);
      const before = await everything();
      const message = await messageOf(paste(project));
      expect(message).toContain("Nothing was changed. In public.appointments");
      for (const needed of ["the patient", "the doctor", "the start"])
        expect(message).toContain(needed);
      expect(await everything()).toEqual(before);

      await project.exec(ownMapping);
      expect(await todo()).toEqual([]);
      await expectSecondRunChangesNothing();
    });

    it("stops where appointments name doctors who are no users, and where a bare table lacks a column", async () => {
      await project.exec(doctorsTable);
      const before = await everything();
      expect(await messageOf(paste(project))).toContain(
        "appointments.doctor_id refers to doctors, which is not the table of users",
      );
      expect(await everything()).toEqual(before);
      await project.exec("create table consultation_messages (id uuid primary key, content int)");
      const message = await messageOf(paste(project));
      expect(message).toContain("public.consultation_messages.session_id (uuid)");
      expect(message).toContain("public.consultation_messages.content (text or");
    });

    it("stops on what is no Supabase project", async () => {
      await project.exec("drop function auth.jwt()");
      expect(await messageOf(paste(project))).toContain("This is not a Supabase project");
    });

    it("finds old permissive policies and names them, with the way to remove them", async () => {
      await insertBareTables(project, 100);
      await project.exec(`
        alter table consultation_messages enable row level security;
        create policy "Anyone can read" on consultation_messages for select using (true)`);
      const lines = await todo();
      expect(lines).toContainEqual({
        item: 'policy "Anyone can read" on consultation_messages',
        state: "not of this script (SELECT)",
        todo: expect.stringContaining(
          'drop policy "Anyone can read" on public.consultation_messages;',
        ),
      });
      const read = () =>
        asUser(project, people.otherPatient, (sql) =>
          sql.count("select from consultation_messages"),
        );
      expect(await read()).toBe(100);
      await project.exec('drop policy "Anyone can read" on public.consultation_messages');
      expect(await read()).toBe(0);
      expect((await todo()).map((line) => line.item)).toEqual([
        "rule consultation_sessions_appointment_fkey",
      ]);
    });

    it("takes away what default privileges gave", async () => {
      await project.exec(`
        alter default privileges for role project_owner in schema public grant all on tables to anon, authenticated;
        alter default privileges for role project_owner in schema public grant all on functions to anon, authenticated;`);
      await paste(project);
      const granted = await project.query(
        `select grantee::text, table_name::text, privilege_type::text from information_schema.role_table_grants
         where table_schema in ('public', 'consultation_private') and grantee in ('anon', 'PUBLIC', 'authenticated')
           and (grantee <> 'authenticated' or privilege_type not in ('SELECT', 'INSERT')) order by 1, 2, 3`,
      );
      expect(granted).toEqual([]);
      const callable = await project.query(
        `select oid::regprocedure::text from pg_proc
         where pronamespace::regnamespace::text in ('public', 'consultation_private')
           and has_function_privilege('anon', oid, 'execute')`,
      );
      expect(callable).toEqual([]);
    });

    it("changes nothing but policies in auth, storage and realtime", async () => {
      await project.exec(refuseForeignChanges);
      expect(
        await stateOf(project.exec("create table storage.mine (id int)")),
        "the refusal is on",
      ).toBe("P0001");
      expect(await todo()).toEqual([]);
      await expectSecondRunChangesNothing();
    });

    it("goes on and says so where the platform refuses policies or has no realtime and storage", async () => {
      await project.exec("revoke platform_owner from project_owner");
      expect((await todo()).map((line) => [line.item, line.state])).toEqual([
        ["realtime", "0 of 2 policies on realtime.messages"],
        ["storage", "0 of 2 policies on storage.objects"],
      ]);
      await project.exec("drop schema realtime cascade; drop schema storage cascade");
      expect((await todo()).map((line) => [line.item, line.state])).toEqual([
        ["realtime", "absent"],
        ["storage", "absent"],
      ]);
      await insertPeople(project);
      const rows = await asUser(project, people.doctor, (sql) =>
        sql.query("select status from start_consultation($1, $2, $3, 'chat')", [
          appointments.live,
          people.patient,
          people.doctor,
        ]),
      );
      expect(rows).toEqual([{ status: "active" }]);
    });
  });
}
