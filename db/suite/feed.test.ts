import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { asUser, engines, paste, stateOf, titleOf } from "./engine.ts";
import type { Project, Template } from "./project.ts";
import { type FeedRow, pass, sessionPages } from "./feed-reader.ts";
import { appointments, messageId, people, sessions, startWorld } from "./world.ts";

const { doctor, patient, otherDoctor, guest } = people;
const keyOf = ({ kind, id }: FeedRow) => `${kind} ${id}`;
const brief = (rows: FeedRow[]) => rows.map(keyOf).toSorted();

for (const engine of engines) {
  describe.skipIf(engine.absent !== null)(`the feed on ${titleOf(engine)}`, () => {
    let world: Template;
    let project: Project;

    beforeAll(async () => {
      world = await startWorld(engine);
    });
    afterAll(() => engine.stop());
    beforeEach(async () => {
      project = await engine.createProject(world);
      return () => project.close();
    });

    const say = (userId: string, number: number, sessionId: string = sessions.live) =>
      asUser(project, userId, (sql) =>
        sql.exec(`insert into consultation_messages (id, session_id, sender_id, sender_role, sender_name, content)
          values ('${messageId(number)}', '${sessionId}', '${userId}', 'patient', 'x', 'hello')`),
      );
    const news = async (userId: string, prev: string) => {
      const { rows } = await pass(project, userId, prev);
      return brief(rows);
    };
    /** Where a reader stands who has read everything. */
    const caughtUp = async (userId: string) => (await pass(project, userId, null)).snapshot;

    it("gives each user his own, the same in pages of any size", async () => {
      const whole = await pass(project, doctor, null);
      const { rows: recordings } = await sessionPages(project, doctor, sessions.live);
      const recordingId = recordings.find((row) => row.kind === "recording")?.id;
      expect(brief(whole.rows)).toEqual(
        [
          `access ${sessions.live}`,
          `access ${sessions.past}`,
          `message ${messageId(1)}`,
          `message ${messageId(3)}`,
          `recording ${recordingId}`,
          `session ${sessions.live}`,
          `session ${sessions.past}`,
          `tombstone ${messageId(2)}`,
        ].toSorted(),
      );
      for (const size of [1, 2, 3, 7]) {
        const paged = await pass(project, doctor, null, size);
        expect(brief(paged.rows), `pages of ${size}`).toEqual(brief(whole.rows));
        expect(paged.pages).toBeGreaterThan(1);
      }
      const { rows } = await pass(project, guest, null);
      expect(rows.filter((row) => row.kind === "message").map((row) => row.id)).toEqual([
        messageId(1),
      ]);
    });

    it("names the columns of each kind, with the values of the table", async () => {
      const { rows } = await pass(project, doctor, null);
      for (const [kind, table] of [
        ["session", "consultation_sessions"],
        ["message", "consultation_messages"],
        ["recording", "consultation_recordings"],
      ] as const) {
        const fed = rows.find((row) => row.kind === kind);
        const [stored] = await project.query<{ row: Record<string, unknown>; xid: string }>(
          `select to_jsonb(t) as row, t.sync_xid::text as xid from ${table} t where id = $1`,
          [fed?.id],
        );
        expect(stored?.row).toMatchObject(fed?.row ?? {});
        expect(fed?.xid).toBe(stored?.xid);
      }
      const access = rows.find((row) => row.kind === "access");
      expect(access?.row).toMatchObject({ user_id: doctor, role: "doctor", granted: true });
      const tombstone = rows.find((row) => row.kind === "tombstone");
      expect(tombstone?.row).toEqual({
        entity: "message",
        id: messageId(2),
        session_id: sessions.live,
      });
    });

    it("then gives only what is new, to owner and guest alike, and nothing of a heartbeat", async () => {
      const prev = await caughtUp(doctor);
      const guestPrev = await caughtUp(guest);
      expect(await news(doctor, prev)).toEqual([]);
      await project.exec(
        `update consultation_sessions set touched_at = touched_at - interval '30 seconds' where id = '${sessions.live}'`,
      );
      await asUser(project, doctor, (sql) =>
        sql.query("select touch_session($1)", [sessions.live]),
      );
      expect(await news(doctor, prev)).toEqual([]);
      await say(patient, 60);
      const expected = [`message ${messageId(60)}`, `session ${sessions.live}`];
      expect(await news(doctor, prev)).toEqual(expected);
      expect(await news(guest, guestPrev)).toEqual(expected);
      expect(await news(otherDoctor, await caughtUp(otherDoctor))).toEqual([]);
    });

    it("tells a changed and an erased message, also to who is not the owner", async () => {
      const prev = await caughtUp(doctor);
      const guestPrev = await caughtUp(guest);
      await project.exec(
        `update consultation_messages set entered_in_error_at = now() where id = '${messageId(1)}'`,
      );
      const changed = [`message ${messageId(1)}`, `session ${sessions.live}`];
      expect(await news(doctor, prev)).toEqual(changed);
      expect(await news(guest, guestPrev)).toEqual(changed);
      await project.exec(`delete from consultation_messages where id = '${messageId(1)}'`);
      const erased = [`session ${sessions.live}`, `tombstone ${messageId(1)}`];
      expect(await news(doctor, prev)).toEqual(erased);
      expect(await news(guest, guestPrev)).toEqual(erased);
    });

    it("tells a revocation, then nothing; a grant, then the session by pull_session", async () => {
      const prev = await caughtUp(guest);
      await project.exec(
        `update consultation_access set granted = false where user_id = '${guest}'`,
      );
      const revoked = await pass(project, guest, prev);
      expect(revoked.rows.map((row) => [row.kind, row.row.granted])).toEqual([["access", false]]);
      await say(patient, 61);
      expect(await news(guest, revoked.snapshot)).toEqual([]);
      expect(await stateOf(sessionPages(project, guest, sessions.live))).toBe("42501");

      await project.exec(
        `update consultation_access set granted = true where user_id = '${guest}'`,
      );
      const granted = await pass(project, guest, revoked.snapshot);
      expect(granted.rows.find((row) => row.kind === "access")?.row.granted).toBe(true);
      const { rows, pages } = await sessionPages(project, guest, sessions.live, 1);
      expect(brief(rows.filter((row) => row.kind === "message"))).toEqual([
        `message ${messageId(1)}`,
        `message ${messageId(61)}`,
      ]);
      expect(new Set(rows.map((row) => row.kind))).toEqual(
        new Set(["session", "access", "recording", "tombstone", "message"]),
      );
      expect(pages).toBe(3);
    });

    it("shows nothing more to a clinician whose access has run out, not even within a pass", async () => {
      const prev = await caughtUp(doctor);
      await project.exec(
        `update consultation_access set expires_at = now() - interval '1 second' where user_id = '${doctor}' and session_id = '${sessions.live}'`,
      );
      await say(patient, 62);
      const [page] = await asUser(project, doctor, (sql) =>
        sql.query<{ kinds: string }>(
          `select (select string_agg(row ->> 0, ',') from jsonb_array_elements(pull_since($1, '0', null, 100) -> 'rows') row) as kinds`,
          [prev],
        ),
      );
      expect(page?.kinds).toBe("access");
    });

    it("revokes a session that was erased", async () => {
      const prev = await caughtUp(doctor);
      await project.exec(`delete from consultation_sessions where id = '${sessions.past}'`);
      const { rows } = await pass(project, doctor, prev);
      expect(rows.map((row) => [row.kind, row.id, row.row.granted])).toEqual([
        ["access", sessions.past, false],
      ]);
    });

    it("hands a session over, whole", async () => {
      const prev = await caughtUp(otherDoctor);
      await project.exec(
        `update consultation_sessions set doctor_id = '${otherDoctor}' where id = '${sessions.live}'`,
      );
      const rows = await news(otherDoctor, prev);
      expect(rows).toContain(`message ${messageId(1)}`);
      expect(rows).toContain(`session ${sessions.live}`);
      expect(rows).toContain(`access ${sessions.live}`);
    });

    it("refuses a cursor from the future, and nonsense", async () => {
      expect(await stateOf(pass(project, doctor, "99999999:99999999:"))).toBe("CR004");
      expect(await stateOf(pass(project, doctor, "nonsense"))).toBe("22P02");
    });

    it("begins a new epoch after a restore: pasted again, it stamps every row anew", async () => {
      const before = await pass(project, doctor, null);
      // Rows of another database carry ids of transactions that this one has not reached.
      await project.exec(`
        set session_replication_role = replica;
        update consultation_messages set sync_xid = '99999999999';
        set session_replication_role = origin`);
      const stuck = await pass(project, doctor, before.snapshot);
      expect(brief(stuck.rows)).toEqual([`message ${messageId(1)}`, `message ${messageId(3)}`]);
      await paste(project);
      const after = await pass(project, doctor, null);
      expect(after.epoch).not.toBe(before.epoch);
      expect(brief(after.rows)).toEqual(brief(before.rows));
      expect(await news(doctor, after.snapshot)).toEqual([]);
    });

    it("starts a session with everything that both sides need", async () => {
      const prev = await caughtUp(patient);
      const [session] = await asUser(project, doctor, (sql) =>
        sql.query<{ id: string }>("select id from start_consultation($1, $2, $3, 'chat')", [
          appointments.free,
          patient,
          doctor,
        ]),
      );
      expect(await news(patient, prev)).toEqual([
        `access ${session?.id}`,
        `session ${session?.id}`,
      ]);
    });
  });
}
