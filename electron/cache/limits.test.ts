import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SessionId } from "#shared/model/ids.ts";
import { saveDraft } from "./drafts.ts";
import { applyPage, applySessionPage, listBackfills } from "./feed.ts";
import { getStats, setLimits, trimCache } from "./limits.ts";
import { queueMessage } from "./outbox-messages.ts";
import { searchMessages } from "./search.ts";
import { listSessions } from "./sessions.ts";
import type { OpenStore } from "./store.ts";
import type { Writing } from "./stores.ts";
import {
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

let test: TestStore;
let opened: OpenStore<Writing>;
let db: Writing;
/** The oldest first: so many days ago each. */
let ids: SessionId[];
const AGES = [400, 300, 200, 100, 1];
const DAY_MS = 86_400_000;

const rowsOf = (id: SessionId, age: number, status = "ended") => {
  const started_at = new Date(Date.now() - age * DAY_MS).toISOString();
  const words = Array.from({ length: 60 }, (_, at) =>
    messageRow(id, at + 1, `age${age} ${String(at).repeat(120)}`),
  );
  return [sessionRow(id, { started_at, status, last_seq: 60 }), ...words];
};
const there = () =>
  listSessions(db, { limit: 200, before: null })
    .items.map(({ id }) => ids.indexOf(id))
    .toSorted((a, b) => a - b);

beforeEach(() => {
  test = makeStore();
  opened = openHere(test.options);
  db = opened.store;
  ids = AGES.map(() => newSessionId());
  const rows = ids.flatMap((id, at) => rowsOf(id, AGES[at] ?? 0));
  applyPage(db, { page: makePage(rows), ...pass });
});
afterEach(async () => {
  opened.close();
  await test.remove();
});

describe("the limits of the local copy", () => {
  it("S24: keep everything as long as none is reached, and say what there is", () => {
    expect(trimCache(db, { most: 10 })).toEqual([]);
    expect(getStats(db)).toMatchObject({ sessions: 5, messages: 300, departed: 0 });
    expect(getStats(db).usedBytes).toBeGreaterThan(50_000);
    expect(getStats(db).limits.maxAgeDays).toBeNull();
  });

  it("S24: let the oldest ended sessions leave first until the size is kept", () => {
    const { usedBytes } = getStats(db);
    setLimits(db, { maxBytes: Math.round(usedBytes * 0.7), maxAgeDays: null });
    expect(trimCache(db, { most: 1 })).toMatchObject([{ sessionId: ids[0] }]);
    trimCache(db, { most: 10 });
    const left = there();
    expect(left.at(-1)).toBe(4);
    expect(left).toEqual(AGES.map((_, at) => at).slice(AGES.length - left.length));
    expect(left.length).toBeLessThan(4);
    expect(getStats(db).usedBytes).toBeLessThanOrEqual(usedBytes * 0.7);
    expect(searchMessages(db, { text: "age400", limit: 5 })).toEqual([]);
  });

  it("S24: let what is too old leave, save a live session and whatever has unsent work", () => {
    const [first, second, third] = ids as [SessionId, SessionId, SessionId];
    applyPage(db, { page: makePage([sessionRow(first, { status: "active", rev: 2 })]), ...pass });
    queueMessage(db, { id: newId(), sessionId: first, content: "unsent", senderName: "Dr" });
    saveDraft(db, { sessionId: second, field: "notes", text: "half a thought" });
    setLimits(db, { maxBytes: 2 ** 32, maxAgeDays: 150 });
    expect(trimCache(db, { most: 10 }).map(({ sessionId }) => sessionId)).toEqual([third]);
    expect(there()).toEqual([0, 1, 3, 4]);
    setLimits(db, { maxBytes: 1, maxAgeDays: null });
    trimCache(db, { most: 10 });
    expect(there()).toEqual([0, 1]);
  });

  it("S24: no page brings a part of it back, and a wider limit brings all of it", () => {
    const [first] = ids as [SessionId];
    setLimits(db, { maxBytes: 2 ** 32, maxAgeDays: 350 });
    trimCache(db, { most: 10 });
    applyPage(db, { page: makePage([messageRow(first, 61, "late")]), ...pass });
    applyPage(db, { page: makePage([sessionRow(first, { status: "ended", rev: 9 })]), ...pass });
    expect(there()).toEqual([1, 2, 3, 4]);
    expect(getStats(db)).toMatchObject({ sessions: 4, departed: 1 });
    setLimits(db, { maxBytes: 2 ** 32, maxAgeDays: null });
    expect(listBackfills(db)).toEqual([{ sessionId: first, afterSeq: 0 }]);
    applySessionPage(db, { sessionId: first, page: makePage(rowsOf(first, 400)) });
    expect(there()).toEqual([0, 1, 2, 3, 4]);
    expect(getStats(db)).toMatchObject({ sessions: 5, messages: 300, departed: 0 });
  });

  it("S24: nothing leaves while the first pass is under way", () => {
    db.cache.exec("delete from meta where name = 'cursor'");
    setLimits(db, { maxBytes: 1, maxAgeDays: 1 });
    expect(trimCache(db, { most: 10 })).toEqual([]);
  });
});
