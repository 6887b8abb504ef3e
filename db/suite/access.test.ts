import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { actorsOf } from "./actors.ts";
import { engines, stateOf, titleOf } from "./engine.ts";
import type { Project, Row, Template } from "./project.ts";
import { appointments, keys, people, sessions, startWorld } from "./world.ts";

const { doctor, patient, otherDoctor, guest, revoked } = people;

for (const engine of engines) {
  describe.skipIf(engine.absent !== null)(`access and broadcasts on ${titleOf(engine)}`, () => {
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

    describe("access", () => {
      const topicKey = async () => (await actors.sessionRow(sessions.live)).topic_key;
      const seen = (user: string) =>
        actors.as(user, async (sql) => [
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
          expect(await stateOf(actors.start(side, appointments.live))).toBe("42501");
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
        await actors.as(guest, (sql) => sql.query("select sync_snapshot()"));
        const rows = await project.query(
          `select granted from consultation_access where user_id = '${guest}'`,
        );
        expect(rows).toEqual([{ granted: false }]);
      });

      it("that has run out hears nothing more, though its channel is still open", async () => {
        await project.exec(
          `update consultation_access set expires_at = now() - interval '1 second' where user_id = '${guest}'`,
        );
        await project.exec("delete from realtime.messages");
        await actors.say(patient, "not for the guest");
        const told = await project.query<{ topic: string }>(
          "select topic from realtime.messages where event = 'message' or payload ->> 'kind' = 'message'",
        );
        const topics = told.map((row) => row.topic);
        expect(topics).toContain(`session:${sessions.live}:${await topicKey()}`);
        expect(topics).not.toContain(`session:${sessions.live}:${keys.live}`);
        expect(topics).not.toContain(`user:${guest}`);
      });

      it("to a session's files is by a name that stays in its folder", async () => {
        const sessionOf = async (name: string) =>
          (
            await project.query<{ id: string | null }>(
              "select consultation_private.session_of_object($1) as id",
              [name],
            )
          )[0]?.id;
        expect(await sessionOf(`${sessions.live}/a..b/x.pdf`)).toBe(sessions.live);
        expect(await sessionOf(`${sessions.live}/../${sessions.other}/x.pdf`)).toBeNull();
        expect(await sessionOf(`${sessions.live}/a/..`)).toBeNull();
      });

      it("cannot be had by promoting oneself", async () => {
        expect(
          await stateOf(
            actors.as(patient, (sql) => sql.exec("update profiles set role = 'doctor'")),
          ),
        ).toBe("42501");
        await project.exec(`delete from profiles where id = '${revoked}'`);
        const join = (values: string, columns = "id, full_name") =>
          stateOf(
            actors.as(revoked, (sql) =>
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
        const [row] = await actors.say(patient, "hello");
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
        await actors.update(doctor, "notes = 'secret plan'");
        await actors.passSeconds(10);
        await actors.as(doctor, (sql) => sql.query("select touch_session($1)", [sessions.live]));
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
        await actors.say(patient, "after");
        const told = await heard();
        expect(told.some((one) => one.topic === topic)).toBe(false);
        expect(told.filter((one) => one.topic === `user:${guest}`)).toMatchObject([
          { payload: { kind: "access", session_id: sessions.live } },
        ]);
      });

      it("never fail the write that they tell of", async () => {
        await project.exec("drop function realtime.send(jsonb, text, text, boolean)");
        await actors.say(patient, "without");
        await project.exec(
          `create function realtime.send(payload jsonb, event text, topic text, private boolean)
           returns void language plpgsql as $$ begin raise exception 'broken'; end $$`,
        );
        const [row] = await actors.say(patient, "hello");
        expect(row?.seq).toBe("4");
      });
    });
  });
}
