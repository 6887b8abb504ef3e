import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { actorsOf } from "./actors.ts";
import { engines, stateOf, titleOf } from "./engine.ts";
import type { Project, Template } from "./project.ts";
import { appointments, keys, messageId, people, sessions, startWorld } from "./world.ts";

const { doctor, patient, otherDoctor, otherPatient, guest } = people;

for (const engine of engines) {
  describe.skipIf(engine.absent !== null)(
    `the rules of a consultation on ${titleOf(engine)}`,
    () => {
      let world: Template;
      let project: Project;
      let actors: ReturnType<typeof actorsOf>;

      beforeAll(async () => {
        world = await startWorld(engine);
      });
      afterAll(() => engine.stop());
      beforeEach(async () => {
        project = await engine.createProject(world);
        actors = actorsOf(project);
        // The kept world is some seconds old.
        await project.exec(
          `update consultation_sessions set started_at = clock_timestamp(), touched_at = clock_timestamp() where status = 'active'`,
        );
        return () => project.close();
      });

      describe("a message", () => {
        it("gets its writer's true role, kind and name, the next number and the server's time", async () => {
          const [row] = await actors.say(patient, "hello", {
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
          const [row] = await actors.say(guest, "hello", { sender_name: "  Aunt May " });
          expect(row).toMatchObject({
            sender_name: "Aunt May",
            sender_kind: "guest",
            sender_role: "patient",
          });
        });

        it("is written once, however often it is sent, and a retry takes no number", async () => {
          const values = { id: messageId(50) };
          await actors.say(patient, "once", values);
          expect(await stateOf(actors.say(patient, "once", values))).toBe("23505");
          await actors.as(patient, (sql) =>
            sql.exec(`insert into consultation_messages (id, session_id, sender_id, sender_role, sender_name, content)
            values ('${messageId(50)}', '${sessions.live}', '${patient}', 'patient', 'x', 'once') on conflict (id) do nothing`),
          );
          const [next] = await actors.say(patient, "next");
          expect(next?.seq).toBe("4");
        });

        it("that was erased does not come back with a late retry", async () => {
          await actors.say(patient, "erased", { id: messageId(91) });
          await project.exec(`delete from consultation_messages where id = '${messageId(91)}'`);
          const again = actors.say(patient, "erased", { id: messageId(91) });
          expect(await stateOf(again)).toBe("42501");
        });

        it("is refused when it is blank, too long, or not to a session that lives", async () => {
          expect(await stateOf(actors.say(patient, " \n "))).toBe("23514");
          expect(await stateOf(actors.say(patient, "x".repeat(10_001)))).toBe("23514");
          expect(await stateOf(actors.say(patient, "x".repeat(10_000)))).toBe("00000");
          expect(await stateOf(actors.say(patient, "late", { session_id: sessions.past }))).toBe(
            "CR002",
          );
          // A retry of what came in before the end is no late message.
          expect(
            await stateOf(
              actors.say(patient, "of old", { session_id: sessions.past, id: messageId(3) }),
            ),
          ).toBe("23505");
        });

        it("names a file only in the folder of its session", async () => {
          const file = { message_type: "file", file_url: `${sessions.other}/x.png` };
          expect(await stateOf(actors.say(patient, "", file))).toBe("22023");
          expect(
            await stateOf(actors.say(patient, "", { ...file, file_url: "https://evil.example/" })),
          ).toBe("22023");
          const [row] = await actors.say(patient, "", {
            ...file,
            file_url: `${sessions.live}/x.png`,
          });
          expect(row?.file_url).toBe(`${sessions.live}/x.png`);
          for (const name of [`../${sessions.other}/x.png`, `a/../../x.png`, "x".repeat(1_100)]) {
            const climbing = { ...file, file_url: `${sessions.live}/${name}` };
            expect(await stateOf(actors.say(patient, "", climbing))).toBe("22023");
          }
          const [text] = await actors.say(patient, "text", { file_url: "https://evil.example/" });
          expect(text?.file_url).toBeNull();
        });
      });

      describe("a session", () => {
        it("starts once per appointment, for either side, and anew after its end", async () => {
          const [first] = await actors.start(doctor, appointments.free);
          const [second] = await actors.start(patient, appointments.free);
          expect(second?.id).toBe(first?.id);
          await actors.end(doctor, String(first?.id), 0);
          const [third] = await actors.start(patient, appointments.free);
          expect(third?.id).not.toBe(first?.id);
          expect(third?.status).toBe("active");
        });

        it("of an appointment that has passed to another doctor is closed when the new side starts", async () => {
          const startAs = (userId: string) =>
            actors.as(userId, (sql) =>
              sql.query<{ id: string; doctor_id: string; status: string }>(
                "select * from start_consultation($1, $2, $3, 'chat')",
                [appointments.free, patient, otherDoctor],
              ),
            );
          const [before] = await actors.start(patient, appointments.free);
          await project.exec(
            `update appointments set doctor_id = '${otherDoctor}' where id = '${appointments.free}'`,
          );
          const [after] = await startAs(otherDoctor);
          expect(after).toMatchObject({ doctor_id: otherDoctor, status: "active" });
          expect(after?.id).not.toBe(before?.id);
          expect((await startAs(patient))[0]?.id).toBe(after?.id);
          // What was said to the former doctor stays his and the patient's.
          const closed = await actors.sessionRow(String(before?.id));
          expect(closed).toMatchObject({ status: "ended", doctor_id: doctor });
          expect(closed.ended_at).not.toBeNull();
          expect(
            await actors.as(otherDoctor, (sql) =>
              sql.count(`select from consultation_sessions where id = '${before?.id}'`),
            ),
          ).toBe(0);
        });

        it("must match its appointment, over the function and over REST", async () => {
          const call = (patientId: string, doctorId: string, type = "chat") =>
            actors.as(doctor, (sql) =>
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
            actors.as(doctor, (sql) =>
              sql.exec(`insert into consultation_sessions (appointment_id, patient_id, doctor_id, consultation_type)
              values ('${appointmentId}', '${patientId}', '${doctor}', 'chat')`),
            );
          expect(await stateOf(insert(otherPatient, appointments.free))).toBe("CR001");
          expect(await stateOf(insert(patient, appointments.other))).toBe("CR001");
          expect(await stateOf(insert(patient, appointments.live))).toBe("23505");
          expect(await stateOf(actors.start(otherDoctor, appointments.free))).toBe("42501");
          expect(await stateOf(actors.start(doctor, messageId(1)))).toBe("P0002");
        });

        it("takes nothing from a REST insert but who, what for and how", async () => {
          const [row] = await actors.as(patient, (sql) =>
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
              expect(await stateOf(actors.update(user, change)), change).toBe("42501");
        });

        it("keeps them even where a project grants every column", async () => {
          await project.exec("grant update on consultation_sessions to authenticated");
          expect(
            await stateOf(actors.update(doctor, "started_at = now() - interval '1 hour'")),
          ).toBe("42501");
          expect(await stateOf(actors.update(patient, `doctor_id = '${patient}'`))).toBe("42501");
        });

        it("is paused by either side; the patient resumes only his own pause", async () => {
          const set = (user: string, status: string) =>
            stateOf(
              actors.as(user, (sql) =>
                sql.query("select set_session_status($1, $2)", [sessions.live, status]),
              ),
            );
          expect(await set(patient, "paused")).toBe("00000");
          expect(await set(patient, "active")).toBe("00000");
          expect(await set(doctor, "paused")).toBe("00000");
          expect(await set(patient, "active")).toBe("42501");
          expect(await set(doctor, "active")).toBe("00000");
          expect(await set(doctor, "ended")).toBe("22023");
          expect(await stateOf(actors.update(patient, "status = 'ended'"))).toBe("42501");
          expect(await stateOf(actors.update(guest, "status = 'paused'"))).toBe("42501");
        });

        it("lets the patient wait for the doctor where everyone waits", async () => {
          await project.exec("update consultation_settings set who_waits = 'everyone'");
          const [row] = await actors.start(patient, appointments.free);
          expect(row?.status).toBe("paused");
          expect(await stateOf(actors.update(patient, "status = 'active'", String(row?.id)))).toBe(
            "42501",
          );
          expect(await stateOf(actors.update(doctor, "status = 'active'", String(row?.id)))).toBe(
            "00000",
          );
        });

        it("has notes that only its doctor writes, until it is signed", async () => {
          expect(await stateOf(actors.update(doctor, "notes = 'better'"))).toBe("00000");
          expect(await stateOf(actors.update(patient, "notes = 'worse'"))).toBe("42501");
          await project.exec(
            `update consultation_sessions set signed_at = now() where id = '${sessions.live}'`,
          );
          expect(await stateOf(actors.update(doctor, "notes = 'otherwise'"))).toBe("CR003");
          const note = actors.as(doctor, (sql) =>
            sql.exec("update consultation_notes set plan = 'x'"),
          );
          expect(await stateOf(note)).toBe("CR003");
        });
      });

      describe("the clock", () => {
        // A busy machine takes a while between two statements.
        const about = (seconds: number) =>
          expect.toSatisfy((value: number) => value >= seconds && value < seconds + 20);
        const touch = async (user: string = doctor) => {
          const [row] = await actors.as(user, (sql) =>
            sql.query<{ answer: { duration_seconds: number; status: string } }>(
              "select touch_session($1) as answer",
              [sessions.live],
            ),
          );
          return row?.answer;
        };

        it("grows by the server's time, and a beat is no news for the feed", async () => {
          await actors.passSeconds(100);
          const before = await actors.sessionRow(sessions.live);
          expect(await touch()).toEqual({ duration_seconds: about(100), status: "active" });
          // Both sides beat: no second is counted twice.
          expect(await touch(patient)).toEqual({ duration_seconds: about(100), status: "active" });
          const after = await actors.sessionRow(sessions.live);
          expect([before.duration_seconds, after.duration_seconds]).toEqual([0, about(100)]);
          expect([after.rev, after.sync_xid]).toEqual([before.rev, before.sync_xid]);
        });

        it("does not count pauses, nor an empty room beyond two minutes", async () => {
          await actors.passSeconds(50);
          await actors.update(doctor, "status = 'paused'");
          await actors.passSeconds(600);
          expect(await touch()).toEqual({ duration_seconds: about(50), status: "paused" });
          await actors.update(doctor, "status = 'active'");
          await actors.passSeconds(50);
          expect(await touch()).toEqual({ duration_seconds: about(100), status: "active" });
          await actors.passSeconds(3600);
          expect(await touch()).toEqual({ duration_seconds: about(220), status: "active" });
        });

        it("clamps a given duration to what was counted and what is possible", async () => {
          await actors.passSeconds(60);
          await touch();
          await actors.passSeconds(100);
          await actors.update(doctor, "status = 'paused'");
          await actors.passSeconds(1000);
          const { session } = await actors.end(doctor, sessions.live, 99_999);
          expect(session.duration_seconds).toEqual(about(160));
          const [silent] = await actors.start(doctor, appointments.past);
          await actors.passSeconds(5000, String(silent?.id));
          const unsaid = await actors.end(doctor, String(silent?.id), null);
          expect(unsaid.session.duration_seconds).toEqual(about(120));
          const [fresh] = await actors.start(doctor, appointments.free);
          await actors.passSeconds(50, String(fresh?.id));
          const short = await actors.end(doctor, String(fresh?.id), 1);
          expect(short.session.duration_seconds).toEqual(about(50));
        });
      });

      describe("the end", () => {
        it("is made by the doctor only, once, and omitted notes erase nothing", async () => {
          expect(await stateOf(actors.end(patient, sessions.live, 0))).toBe("42501");
          expect(await stateOf(actors.end(doctor, sessions.live, -1))).toBe("22023");
          const first = await actors.end(doctor, sessions.live, null, "rest");
          expect(first).toMatchObject({ fault: null, session: { status: "ended", notes: "rest" } });
          const again = await actors.end(doctor, sessions.live, 5);
          expect(again.session).toEqual(first.session);
          const corrected = await actors.end(doctor, sessions.live, 5, "rest and drink");
          expect(corrected.session.notes).toBe("rest and drink");
          expect(corrected.session.ended_at).toBe(first.session.ended_at);
          expect(await stateOf(actors.update(doctor, "status = 'active'"))).toBe("CR002");
        });

        it("of a signed session leaves the notes and says so", async () => {
          await project.exec(`update consultation_sessions set notes = 'signed', signed_at = now()
          where id = '${sessions.live}'`);
          const answer = await actors.end(doctor, sessions.live, 0, "other");
          expect(answer).toMatchObject({
            fault: "already_signed",
            session: { status: "ended", notes: "signed" },
          });
          expect((await actors.end(doctor, sessions.live, 0)).fault).toBeNull();
        });

        it("over plain REST gets its time and duration from the server", async () => {
          await actors.passSeconds(40);
          await actors.update(doctor, "status = 'ended', notes = 'short'");
          const row = await actors.sessionRow(sessions.live);
          expect(row).toMatchObject({ status: "ended", notes: "short" });
          expect(row.duration_seconds).toBeGreaterThanOrEqual(40);
          expect(row.duration_seconds).toBeLessThan(80);
          expect(row.ended_at).not.toBeNull();
        });
      });
    },
  );
}
