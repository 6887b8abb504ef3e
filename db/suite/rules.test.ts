import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type Connection,
  type Project,
  type Row,
  type Template,
  asUser,
  engines,
  stateOf,
  titleOf,
} from "./engine.ts";
import { appointments, keys, messageId, people, sessions, startWorld } from "./world.ts";

const { doctor, patient, otherDoctor, otherPatient, guest, revoked } = people;

type Session = Row & { id: string; status: string; duration_seconds: number; rev: string };

for (const engine of engines) {
  describe.skipIf(engine.absent !== null)(
    `the rules of a consultation on ${titleOf(engine)}`,
    () => {
      let project: Project;

      let world: Template;

      beforeAll(async () => {
        world = await startWorld(engine);
      });
      afterAll(async () => {
        await engine.stop();
      });
      beforeEach(async () => {
        project = await engine.createProject(world);
        // The kept world is some seconds old.
        await project.exec(
          `update consultation_sessions set started_at = clock_timestamp(), touched_at = clock_timestamp() where status = 'active'`,
        );
        return () => project.close();
      });

      const as = <T>(userId: string, task: (connection: Connection) => Promise<T>) =>
        asUser(project, userId, task);
      const say = (userId: string, text: string, values: Record<string, string> = {}) => {
        const row = {
          session_id: sessions.live,
          sender_id: userId,
          sender_role: "patient",
          sender_name: "x",
          content: text,
          ...values,
        };
        const names = Object.keys(row);
        return as(userId, (sql) =>
          sql.query(
            `insert into consultation_messages (${names.join(", ")})
           values (${names.map((_, at) => `$${at + 1}`).join(", ")}) returning *`,
            Object.values(row),
          ),
        );
      };
      const sessionRow = async (id: string): Promise<Session> => {
        const [row] = await project.query<Session>(
          "select * from consultation_sessions where id = $1",
          [id],
        );
        if (!row) throw new Error("no such session");
        return row;
      };
      const start = (userId: string, appointmentId: string) =>
        as(userId, (sql) =>
          sql.query<Session>("select * from start_consultation($1, $2, $3, 'chat')", [
            appointmentId,
            patient,
            doctor,
          ]),
        );
      const end = async (userId: string, id: string, duration: number | null, notes?: string) => {
        const [row] = await as(userId, (sql) =>
          sql.query<{
            answer: { session: Session & { notes: string | null }; fault: string | null };
          }>("select end_consultation($1, $2, $3) as answer", [id, duration, notes ?? null]),
        );
        if (!row) throw new Error("no answer");
        return row.answer;
      };
      const update = (userId: string, change: string, id: string = sessions.live) =>
        as(userId, (sql) =>
          sql.exec(`update consultation_sessions set ${change} where id = '${id}'`),
        );
      /** Sets a session's clock back, as if time had passed. */
      const passSeconds = (seconds: number, id: string = sessions.live) =>
        project.exec(`update consultation_sessions set started_at = started_at - interval '${seconds} seconds',
        touched_at = touched_at - interval '${seconds} seconds',
        paused_at = paused_at - interval '${seconds} seconds' where id = '${id}'`);

      describe("a message", () => {
        it("gets its writer's true role, kind and name, the next number and the server's time", async () => {
          const [row] = await say(patient, "hello", {
            sender_role: "doctor",
            sender_kind: "system",
            sender_name: "Dr Doctor",
            seq: "99",
            doctor_id: patient,
            created_at: "2001-01-01T00:00:00Z",
            entered_in_error_at: "2001-01-01T00:00:00Z",
            deleted_at: "2001-01-01T00:00:00Z",
            rev: "77",
            sync_xid: "1",
          });
          expect(row).toMatchObject({
            sender_role: "patient",
            sender_kind: "patient",
            sender_name: "Pat Patient",
            seq: "3",
            doctor_id: doctor,
            entered_in_error_at: null,
            deleted_at: null,
            rev: "1",
          });
          expect(String(row?.created_at)).not.toContain("2001");
          expect(Number(row?.sync_xid)).toBeGreaterThan(1);
        });

        it("keeps the given name only where the clinic knows none", async () => {
          await project.exec(`delete from profiles where id = '${guest}'`);
          const [row] = await say(guest, "hello", { sender_name: "  Aunt May " });
          expect(row).toMatchObject({
            sender_name: "Aunt May",
            sender_kind: "guest",
            sender_role: "patient",
          });
        });

        it("is written once, however often it is sent, and a retry takes no number", async () => {
          const values = { id: messageId(50) };
          await say(patient, "once", values);
          expect(await stateOf(say(patient, "once", values))).toBe("23505");
          await as(patient, (sql) =>
            sql.exec(`insert into consultation_messages (id, session_id, sender_id, sender_role, sender_name, content)
            values ('${messageId(50)}', '${sessions.live}', '${patient}', 'patient', 'x', 'once') on conflict (id) do nothing`),
          );
          const [next] = await say(patient, "next");
          expect(next?.seq).toBe("4");
        });

        it("is refused when it is blank, too long, or not to a session that lives", async () => {
          expect(await stateOf(say(patient, " \n "))).toBe("23514");
          expect(await stateOf(say(patient, "x".repeat(10_001)))).toBe("23514");
          expect(await stateOf(say(patient, "x".repeat(10_000)))).toBe("00000");
          expect(await stateOf(say(patient, "late", { session_id: sessions.past }))).toBe("CR002");
          // A retry of what came in before the end is no late message.
          expect(
            await stateOf(say(patient, "of old", { session_id: sessions.past, id: messageId(3) })),
          ).toBe("23505");
        });

        it("names a file only in the folder of its session", async () => {
          const file = { message_type: "file", file_url: `${sessions.other}/x.png` };
          expect(await stateOf(say(patient, "", file))).toBe("22023");
          expect(
            await stateOf(say(patient, "", { ...file, file_url: "https://evil.example/" })),
          ).toBe("22023");
          const [row] = await say(patient, "", { ...file, file_url: `${sessions.live}/x.png` });
          expect(row?.file_url).toBe(`${sessions.live}/x.png`);
          const [text] = await say(patient, "text", { file_url: "https://evil.example/" });
          expect(text?.file_url).toBeNull();
        });
      });

      describe("a session", () => {
        it("starts once per appointment, for either side, and anew after its end", async () => {
          const [first] = await start(doctor, appointments.free);
          const [second] = await start(patient, appointments.free);
          expect(second?.id).toBe(first?.id);
          await end(doctor, String(first?.id), 0);
          const [third] = await start(patient, appointments.free);
          expect(third?.id).not.toBe(first?.id);
          expect(third?.status).toBe("active");
        });

        it("must match its appointment, over the function and over REST", async () => {
          const call = (patientId: string, doctorId: string, type = "chat") =>
            as(doctor, (sql) =>
              sql.query("select start_consultation($1, $2, $3, $4)", [
                appointments.free,
                patientId,
                doctorId,
                type,
              ]),
            );
          expect(await stateOf(call(otherPatient, doctor))).toBe("CR001");
          expect(await stateOf(call(patient, otherDoctor))).toBe("CR001");
          expect(await stateOf(call(patient, doctor, "fax"))).toBe("22023");
          const insert = (patientId: string, appointmentId: string) =>
            as(doctor, (sql) =>
              sql.exec(`insert into consultation_sessions (appointment_id, patient_id, doctor_id, consultation_type)
              values ('${appointmentId}', '${patientId}', '${doctor}', 'chat')`),
            );
          expect(await stateOf(insert(otherPatient, appointments.free))).toBe("CR001");
          expect(await stateOf(insert(patient, appointments.other))).toBe("CR001");
          expect(await stateOf(insert(patient, appointments.live))).toBe("23505");
          expect(await stateOf(start(otherDoctor, appointments.free))).toBe("42501");
          expect(await stateOf(start(doctor, messageId(1)))).toBe("P0002");
        });

        it("takes nothing from a REST insert but who, what for and how", async () => {
          const [row] = await as(patient, (sql) =>
            sql.query(`insert into consultation_sessions
              (appointment_id, patient_id, doctor_id, consultation_type, started_at, ended_at, duration_seconds, status, notes, last_seq, signed_at, topic_key)
            values ('${appointments.free}', '${patient}', '${doctor}', 'chat', '2001-01-01', '2001-01-02', 999, 'ended', 'all well', 50, now(), '${keys.other}')
            returning *`),
          );
          expect(row).toMatchObject({
            status: "active",
            ended_at: null,
            duration_seconds: 0,
            notes: null,
            last_seq: "0",
            signed_at: null,
          });
          expect(row?.topic_key).not.toBe(keys.other);
          expect(String(row?.started_at)).not.toContain("2001");
        });

        it("keeps its ids, owners, type and timings from both sides", async () => {
          for (const change of [
            `appointment_id = '${appointments.free}'`,
            `patient_id = '${otherPatient}'`,
            `doctor_id = '${patient}'`,
            "consultation_type = 'video'",
            "started_at = now() - interval '1 hour'",
            "ended_at = now()",
            "duration_seconds = 9999",
            "last_seq = 0",
            "signed_at = now()",
            "rev = 1",
            `topic_key = '${keys.other}'`,
          ])
            for (const user of [doctor, patient])
              expect(await stateOf(update(user, change)), change).toBe("42501");
        });

        it("keeps them even where a project grants every column", async () => {
          await project.exec("grant update on consultation_sessions to authenticated");
          expect(await stateOf(update(doctor, "started_at = now() - interval '1 hour'"))).toBe(
            "42501",
          );
          expect(await stateOf(update(patient, `doctor_id = '${patient}'`))).toBe("42501");
        });

        it("is paused by either side; the patient resumes only his own pause", async () => {
          const set = (user: string, status: string) =>
            stateOf(
              as(user, (sql) =>
                sql.query("select set_session_status($1, $2)", [sessions.live, status]),
              ),
            );
          expect(await set(patient, "paused")).toBe("00000");
          expect(await set(patient, "active")).toBe("00000");
          expect(await set(doctor, "paused")).toBe("00000");
          expect(await set(patient, "active")).toBe("42501");
          expect(await set(doctor, "active")).toBe("00000");
          expect(await set(doctor, "ended")).toBe("22023");
          expect(await stateOf(update(patient, "status = 'ended'"))).toBe("42501");
          expect(await stateOf(update(guest, "status = 'paused'"))).toBe("42501");
        });

        it("lets the patient wait for the doctor where everyone waits", async () => {
          await project.exec("update consultation_settings set who_waits = 'everyone'");
          const [row] = await start(patient, appointments.free);
          expect(row?.status).toBe("paused");
          expect(await stateOf(update(patient, "status = 'active'", String(row?.id)))).toBe(
            "42501",
          );
          expect(await stateOf(update(doctor, "status = 'active'", String(row?.id)))).toBe("00000");
        });

        it("has notes that only its doctor writes, until it is signed", async () => {
          expect(await stateOf(update(doctor, "notes = 'better'"))).toBe("00000");
          expect(await stateOf(update(patient, "notes = 'worse'"))).toBe("42501");
          await project.exec(
            `update consultation_sessions set signed_at = now() where id = '${sessions.live}'`,
          );
          expect(await stateOf(update(doctor, "notes = 'otherwise'"))).toBe("CR003");
          const note = as(doctor, (sql) => sql.exec("update consultation_notes set plan = 'x'"));
          expect(await stateOf(note)).toBe("CR003");
        });
      });

      describe("the clock", () => {
        // A busy machine takes a while between two statements.
        const about = (seconds: number) =>
          expect.toSatisfy((value: number) => value >= seconds && value < seconds + 20);
        const touch = async (user: string = doctor) => {
          const [row] = await as(user, (sql) =>
            sql.query<{ answer: { duration_seconds: number; status: string } }>(
              "select touch_session($1) as answer",
              [sessions.live],
            ),
          );
          return row?.answer;
        };

        it("grows by the server's time, and a beat is no news for the feed", async () => {
          await passSeconds(100);
          const before = await sessionRow(sessions.live);
          expect(await touch()).toEqual({ duration_seconds: about(100), status: "active" });
          // Both sides beat: no second is counted twice.
          expect(await touch(patient)).toEqual({ duration_seconds: about(100), status: "active" });
          const after = await sessionRow(sessions.live);
          expect([before.duration_seconds, after.duration_seconds]).toEqual([0, about(100)]);
          expect([after.rev, after.sync_xid]).toEqual([before.rev, before.sync_xid]);
        });

        it("does not count pauses, nor an empty room beyond two minutes", async () => {
          await passSeconds(50);
          await update(doctor, "status = 'paused'");
          await passSeconds(600);
          expect(await touch()).toEqual({ duration_seconds: about(50), status: "paused" });
          await update(doctor, "status = 'active'");
          await passSeconds(50);
          expect(await touch()).toEqual({ duration_seconds: about(100), status: "active" });
          await passSeconds(3600);
          expect(await touch()).toEqual({ duration_seconds: about(220), status: "active" });
        });

        it("clamps a given duration to what was counted and what is possible", async () => {
          await passSeconds(60);
          await touch();
          await passSeconds(100);
          await update(doctor, "status = 'paused'");
          await passSeconds(1000);
          const { session } = await end(doctor, sessions.live, 99_999);
          expect(session.duration_seconds).toEqual(about(160));
          const [fresh] = await start(doctor, appointments.free);
          await passSeconds(50, String(fresh?.id));
          const short = await end(doctor, String(fresh?.id), 1);
          expect(short.session.duration_seconds).toEqual(about(50));
        });
      });

      describe("the end", () => {
        it("is made by the doctor only, once, and omitted notes erase nothing", async () => {
          expect(await stateOf(end(patient, sessions.live, 0))).toBe("42501");
          expect(await stateOf(end(doctor, sessions.live, -1))).toBe("22023");
          const first = await end(doctor, sessions.live, null, "rest");
          expect(first).toMatchObject({ fault: null, session: { status: "ended", notes: "rest" } });
          const again = await end(doctor, sessions.live, 5);
          expect(again.session).toEqual(first.session);
          const corrected = await end(doctor, sessions.live, 5, "rest and drink");
          expect(corrected.session.notes).toBe("rest and drink");
          expect(corrected.session.ended_at).toBe(first.session.ended_at);
          expect(await stateOf(update(doctor, "status = 'active'"))).toBe("CR002");
        });

        it("of a signed session leaves the notes and says so", async () => {
          await project.exec(`update consultation_sessions set notes = 'signed', signed_at = now()
          where id = '${sessions.live}'`);
          const answer = await end(doctor, sessions.live, 0, "other");
          expect(answer).toMatchObject({
            fault: "already_signed",
            session: { status: "ended", notes: "signed" },
          });
          expect((await end(doctor, sessions.live, 0)).fault).toBeNull();
        });

        it("over plain REST gets its time and duration from the server", async () => {
          await passSeconds(40);
          await update(doctor, "status = 'ended', notes = 'short'");
          const row = await sessionRow(sessions.live);
          expect(row).toMatchObject({ status: "ended", notes: "short" });
          expect(row.duration_seconds).toBeGreaterThanOrEqual(40);
          expect(row.duration_seconds).toBeLessThan(80);
          expect(row.ended_at).not.toBeNull();
        });
      });

      describe("access", () => {
        const topicKey = async () => (await sessionRow(sessions.live)).topic_key;
        const seen = (user: string) =>
          as(user, async (sql) => [
            await sql.count("select from consultation_sessions"),
            await sql.count("select from consultation_messages"),
            await sql.count("select from consultation_recordings"),
            await sql.count("select from consultation_notes"),
            await sql.count("select from consultation_tombstones"),
          ]);

        it("is revoked, never removed, and the room gets a new key", async () => {
          await project.exec(
            `delete from consultation_access where user_id = '${guest}' and session_id = '${sessions.live}'`,
          );
          const rows = await project.query(
            `select granted, rev from consultation_access where user_id = '${guest}'`,
          );
          expect(rows).toEqual([{ granted: false, rev: "2" }]);
          expect(await topicKey()).not.toBe(keys.live);
          expect(await seen(guest)).toEqual([0, 0, 0, 0, 0]);
        });

        it("taken from a side takes everything from it, though it stays a side", async () => {
          for (const side of [doctor, patient]) {
            await project.exec(
              `update consultation_access set granted = false where user_id = '${side}'`,
            );
            expect(await seen(side)).toEqual([0, 0, 0, 0, 0]);
            expect(await stateOf(start(side, appointments.live))).toBe("42501");
          }
        });

        it("follows a handover: the new doctor sees all of it, the former nothing", async () => {
          await project.exec(
            `update consultation_sessions set doctor_id = '${otherDoctor}' where id = '${sessions.live}'`,
          );
          expect(await topicKey()).not.toBe(keys.live);
          expect(await seen(otherDoctor)).toEqual([2, 2, 1, 2, 1]);
          expect(await seen(doctor)).toEqual([1, 1, 0, 0, 0]);
          const rows = await project.query(
            `select distinct doctor_id from consultation_messages where session_id = '${sessions.live}'`,
          );
          expect(rows).toEqual([{ doctor_id: otherDoctor }]);
        });

        it("that has run out counts no more, and the next snapshot revokes it", async () => {
          await project.exec(
            `update consultation_access set expires_at = now() - interval '1 second' where user_id = '${guest}'`,
          );
          expect(await seen(guest)).toEqual([0, 0, 0, 0, 0]);
          await as(guest, (sql) => sql.query("select sync_snapshot()"));
          const rows = await project.query(
            `select granted from consultation_access where user_id = '${guest}'`,
          );
          expect(rows).toEqual([{ granted: false }]);
        });

        it("cannot be had by promoting oneself", async () => {
          expect(
            await stateOf(as(patient, (sql) => sql.exec("update profiles set role = 'doctor'"))),
          ).toBe("42501");
          await project.exec(`delete from profiles where id = '${revoked}'`);
          const join = (values: string, columns = "id, full_name") =>
            stateOf(
              as(revoked, (sql) =>
                sql.exec(`insert into profiles (${columns}) values (${values})`),
              ),
            );
          expect(await join(`'${revoked}', 'Me', 'doctor'`, "id, full_name, role")).toBe("42501");
          expect(await join(`'${revoked}', 'Me'`)).toBe("00000");
          const [me] = await project.query(`select role from profiles where id = '${revoked}'`);
          expect(me).toEqual({ role: "patient" });
        });
      });

      describe("broadcasts", () => {
        const heard = async () =>
          project.query<{ topic: string; event: string; payload: Row }>(
            "select topic, event, payload from realtime.messages where event is not null order by topic, event",
          );
        const topic = `session:${sessions.live}:${keys.live}`;

        beforeEach(() => project.exec("delete from realtime.messages"));

        it("tell a message to the room, and the others by a hint", async () => {
          const [row] = await say(patient, "hello");
          const messages = await heard();
          expect(messages.map((one) => [one.topic, one.event])).toEqual([
            [topic, "message"],
            [`user:${doctor}`, "hint"],
            [`user:${guest}`, "hint"],
          ]);
          expect(messages[0]?.payload).toMatchObject({ id: row?.id, seq: 3, content: "hello" });
          expect(messages[1]?.payload).toEqual({
            kind: "message",
            session_id: sessions.live,
            appointment_id: appointments.live,
          });
        });

        it("tell a session's change without its notes, and no heartbeat", async () => {
          await update(doctor, "notes = 'secret plan'");
          await passSeconds(10);
          await as(doctor, (sql) => sql.query("select touch_session($1)", [sessions.live]));
          const told = await heard();
          expect(told.filter((one) => one.event === "session").map((one) => one.topic)).toEqual([
            topic,
          ]);
          expect(JSON.stringify(told)).not.toContain("secret");
        });

        it("go to the new topic after a revocation, which the revoked hears of on his own", async () => {
          await project.exec(
            `update consultation_access set granted = false where user_id = '${guest}'`,
          );
          await say(patient, "after");
          const told = await heard();
          expect(told.some((one) => one.topic === topic)).toBe(false);
          expect(told.filter((one) => one.topic === `user:${guest}`)).toMatchObject([
            { payload: { kind: "access", session_id: sessions.live } },
          ]);
        });

        it("never fail the write that they tell of", async () => {
          await project.exec("drop function realtime.send(jsonb, text, text, boolean)");
          await say(patient, "without");
          await project.exec(
            `create function realtime.send(payload jsonb, event text, topic text, private boolean)
           returns void language plpgsql as $$ begin raise exception 'broken'; end $$`,
          );
          const [row] = await say(patient, "hello");
          expect(row?.seq).toBe("4");
        });
      });
    },
  );
}
