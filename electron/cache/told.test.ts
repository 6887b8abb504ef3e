import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SessionId } from "#shared/model/ids.ts";
import { applyPage } from "./feed.ts";
import { listMessages } from "./messages.ts";
import { queueMessage, takeNextMessage } from "./outbox-messages.ts";
import { searchMessages } from "./search.ts";
import { getSession } from "./sessions.ts";
import type { OpenStore } from "./store.ts";
import type { Unsafe, Writing } from "./stores.ts";
import { getTold, listRooms, tellMessage, tellSession } from "./told.ts";
import {
  accessRow,
  doctorId,
  makePage,
  makeStore,
  messageRow,
  newId,
  newSessionId,
  openHere,
  pass,
  sessionRow,
  type TestStore,
} from "./testing/test-store.ts";

let sessionId: SessionId;
let test: TestStore;
let opened: OpenStore<Writing>;
let db: Writing;

const open = (unsafe: Unsafe = {}) => {
  opened = openHere(test.options, unsafe);
  db = opened.store;
};
const tell = (seq: number, content: string, change = {}) =>
  tellMessage(db, { sessionId, row: messageRow(sessionId, seq, content, change).row });
const shown = () =>
  listMessages(db, { sessionId, beforeSeq: null, limit: 100 }).messages.map(
    ({ seq, content }) => `${seq} ${content}`,
  );
const status = () => getSession(db, { sessionId }).session.status;
/** A pass that began when so much had been told, and brings these rows. */
const finish = (rows: Parameters<typeof makePage>[0], told = getTold(db)) =>
  applyPage(db, { page: makePage(rows), ...pass, told });

beforeEach(() => {
  sessionId = newSessionId();
  test = makeStore();
  open();
  finish([sessionRow(sessionId), accessRow(sessionId, true), messageRow(sessionId, 1, "one")]);
});
afterEach(async () => {
  opened.close();
  await test.remove();
});

describe("what realtime tells", () => {
  it("S20: is shown at once where it is the very next message, and found by search", () => {
    expect(tell(2, "two")).toBe(true);
    expect(tell(3, "three")).toBe(true);
    expect(shown()).toEqual(["1 one", "2 two", "3 three"]);
    expect(searchMessages(db, { text: "three", limit: 9 })).toHaveLength(1);
  });

  it("S20: waits for a pass where a number is missing, known already, or another session's", () => {
    expect(tell(3, "three")).toBe(false);
    expect(tell(1, "another one")).toBe(false);
    const row = messageRow(newSessionId(), 1, "elsewhere").row;
    expect(tellMessage(db, { sessionId, row })).toBe(false);
    expect(tellMessage(db, { sessionId, row: { seq: "no message" } })).toBe(false);
    expect(shown()).toEqual(["1 one"]);
  });

  it("S20: with its order not asked for, would show a transcript with a hole", () => {
    opened.close();
    open({ toldInOrder: false });
    expect(tell(3, "three")).toBe(true);
    expect(shown()).toEqual(["1 one", "3 three"]);
  });

  it("S20: is replaced by the feed's row, whatever revision it claims", () => {
    tell(2, "told", { rev: 99 });
    finish([messageRow(sessionId, 2, "true", { rev: 1 })]);
    expect(shown()).toEqual(["1 one", "2 true"]);
  });

  it("S20: is taken out again when a pass that began after it does not know it", () => {
    tell(2, "never said");
    finish([]);
    expect(shown()).toEqual(["1 one"]);
    expect(searchMessages(db, { text: "never", limit: 9 })).toEqual([]);
  });

  it("S20: stays when the pass had begun before it, and is confirmed by the next", () => {
    const before = getTold(db);
    tell(2, "two");
    finish([], before);
    expect(shown()).toEqual(["1 one", "2 two"]);
    // A pass that was taken up again knows an older snapshot, and says nothing of it either.
    applyPage(db, { page: makePage([]), ...pass });
    expect(shown()).toEqual(["1 one", "2 two"]);
    finish([messageRow(sessionId, 2, "two")]);
    finish([]);
    expect(shown()).toEqual(["1 one", "2 two"]);
  });

  it("S20, S11: shows an own message once while its answer is on its way", () => {
    const id = newId();
    queueMessage(db, { id, sessionId, content: "mine", senderName: "Dr Test" });
    takeNextMessage(db, {});
    tell(2, "mine", { id, sender_id: doctorId });
    expect(shown()).toEqual(["1 one", "2 mine"]);
  });

  it("S20, S7: is not stored for a session that was taken away", () => {
    finish([accessRow(sessionId, false, 2)]);
    expect(tell(1, "too late")).toBe(false);
    expect(tellSession(db, { sessionId, row: told("ended", 5) })).toBeNull();
    expect(searchMessages(db, { text: "late", limit: 9 })).toEqual([]);
    expect(listRooms(db, { limit: 9 })).toEqual([]);
  });

  const told = (state: string, rev: number) => ({
    ...sessionRow(sessionId, { status: state, rev, ended_at: "2026-11-20T10:00:00+00:00" }).row,
  });

  it("S20: a session's state counts at once, and the feed's row still brings its notes", () => {
    expect(listRooms(db, { limit: 9 })).toMatchObject([{ sessionId }]);
    expect(tellSession(db, { sessionId, row: told("ended", 2) })).not.toBeNull();
    expect(status()).toBe("ended");
    expect(listRooms(db, { limit: 9 })).toEqual([]);
    finish([sessionRow(sessionId, { status: "ended", notes: "Rest", rev: 2 })]);
    expect(getSession(db, { sessionId }).session).toMatchObject({ status: "ended", notes: "Rest" });
  });

  it("S20: a session's state is taken back when the next pass does not know it", () => {
    tellSession(db, { sessionId, row: told("paused", 2) });
    const between = getTold(db);
    tellSession(db, { sessionId, row: told("ended", 3) });
    finish([], between);
    expect(status()).toBe("ended");
    finish([]);
    expect(status()).toBe("active");
  });

  it("S20: an older state than the stored one is not taken", () => {
    finish([sessionRow(sessionId, { status: "paused", rev: 5 })]);
    expect(tellSession(db, { sessionId, row: told("active", 5) })).toBeNull();
    expect(status()).toBe("paused");
  });
});
