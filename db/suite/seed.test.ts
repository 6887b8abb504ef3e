import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEMO_DOCTOR, DEMO_PATIENT, DEMO_STRANGER, people } from "../seed/people.ts";
import { rowsOf } from "./clinics.ts";
import { asUser, engines, paste, titleOf } from "./engine.ts";
import type { Project } from "./project.ts";

const clinic = readFileSync(new URL("../seed/clinic.sql", import.meta.url), "utf8");

for (const engine of engines) {
  describe.skipIf(engine.absent !== null)(`the invented clinic on ${titleOf(engine)}`, () => {
    let project: Project;

    const seed = async () => {
      await project.exec("set session authorization project_owner");
      await project.exec(clinic);
      await project.exec("set session authorization postgres");
    };

    beforeAll(async () => {
      await engine.start();
      project = await engine.createProject();
      await paste(project);
      for (const { id } of people)
        await project.query("insert into auth.users (id) values ($1)", [id]);
      await seed();
    });
    afterAll(async () => {
      await project.close();
      await engine.stop();
    });

    it("has the people who can sign in, with the same names and roles", async () => {
      const profiles = await project.query(
        `select id, full_name as "fullName", role, date_of_birth::text as "dateOfBirth" from profiles order by id`,
      );
      const expected = people
        .map(({ id, fullName, role, dateOfBirth }) => ({ id, fullName, role, dateOfBirth }))
        .toSorted((a, b) => (a.id < b.id ? -1 : 1));
      expect(profiles).toEqual(expected);
      expect(people.filter((person) => person.role === "patient")).toHaveLength(8);
      expect(people.filter((person) => person.role === "doctor")).toHaveLength(3);
      expect(new Set(people.map((person) => person.email)).size).toBe(people.length);
    });

    it("gives the demo doctor a full day of every type, the demo patient among it", async () => {
      const seen = (id: string) =>
        asUser(project, id, (sql) =>
          sql.query<{
            id: string;
            type: string;
            patient_id: string;
            today: boolean;
          }>(
            `select id, appointment_type as type, patient_id, starts_at::date = now()::date as today
             from clinic_appointments where status <> 'done' order by starts_at`,
          ),
        );
      const day = await seen(DEMO_DOCTOR.id);
      expect(day).toHaveLength(11);
      expect(day.every((one) => one.today && /-4[0-9a-f]{3}-[89ab]/.test(one.id))).toBe(true);
      expect(new Set(day.map((one) => one.type))).toEqual(new Set(["chat", "audio", "video"]));
      expect(day.some((one) => one.patient_id === DEMO_PATIENT.id)).toBe(true);
      expect(await seen(DEMO_STRANGER.id)).toEqual([]);
    });

    it("stays within today, in any time zone", async () => {
      for (const zone of ["Pacific/Auckland", "America/Los_Angeles", "Asia/Kolkata", "UTC"]) {
        await project.exec("begin; delete from appointments where status <> 'done'");
        await project.query("select set_config('demo.time_zone', $1, true)", [zone]);
        await project.exec(clinic.replace(/^begin;$/m, "").replace(/^commit;$/m, ""));
        const [row] = await project.query(
          `select count(*)::int as appointments, bool_and((starts_at at time zone $1)::date = (now() at time zone $1)::date) as today
           from appointments where status <> 'done'`,
          [zone],
        );
        await project.exec("rollback");
        expect(row, zone).toEqual({ appointments: 15, today: true });
      }
    });

    it("has a history: ended consultations with a transcript, a summary and the doctor's notes", async () => {
      const [row] =
        await project.query(`select count(*)::int as sessions, count(*) filter (where signed_at is not null)::int as signed,
        bool_and(last_seq >= 3 and notes <> '' and ended_at < now()) as whole,
        (select count(*)::int from consultation_notes) as notes,
        (select count(distinct doctor_id)::int from consultation_sessions) as doctors,
        (select bool_and(m.created_at between s.started_at and s.ended_at) from consultation_messages m join consultation_sessions s on s.id = m.session_id) as on_time
        from consultation_sessions where status = 'ended'`);
      expect(row).toEqual({
        sessions: 7,
        signed: 2,
        whole: true,
        notes: 7,
        doctors: 2,
        on_time: true,
      });
    });

    it("run again, refreshes today's appointments and leaves the rest, also what was begun today", async () => {
      const [begun] = await project.query<{ id: string; patient_id: string }>(
        `select id, patient_id from appointments where doctor_id = $1 and status = 'booked' order by starts_at limit 1`,
        [DEMO_DOCTOR.id],
      );
      await asUser(project, DEMO_DOCTOR.id, (sql) =>
        sql.query("select start_consultation($1, $2, $3, 'chat')", [
          begun?.id,
          begun?.patient_id,
          DEMO_DOCTOR.id,
        ]),
      );
      await project.exec(
        "update appointments set starts_at = starts_at - interval '3 hours' where status <> 'done'",
      );
      const shifted = await project.query<{ id: string; starts_at: string }>(
        "select id, starts_at from appointments where status <> 'done'",
      );
      const records = async () =>
        Object.entries(await rowsOf(project)).filter(([table]) =>
          /(sessions|messages|notes|access)$/.test(table),
        );
      const before = await records();
      await seed();
      expect(await records()).toEqual(before);
      const now = new Map(
        (
          await project.query<{ id: string; starts_at: string }>(
            "select id, starts_at from appointments where status <> 'done'",
          )
        ).map((one) => [one.id, one.starts_at]),
      );
      expect(now.size).toBe(15);
      for (const { id, starts_at } of shifted)
        expect(now.get(id) === starts_at, id).toBe(id === begun?.id);
    });
  });
}
