import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { statement } from "./database.ts";
import { adoptEpoch, applyPage, applySessionPage, getFeedState, listBackfills } from "./feed.ts";
import { listMessages } from "./messages.ts";
import { searchMessages } from "./search.ts";
import { listSessions } from "./sessions.ts";
import { isAheadOf, isVisibleIn } from "./snapshot.ts";
import type { OpenStore } from "./store.ts";
import type { Unsafe, Writing } from "./stores.ts";
import {
  accessRow,
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

const sessionId = newSessionId();
let test: TestStore;
let opened: OpenStore<Writing>;

const open = (unsafe: Unsafe = {}): Writing => {
  opened = openHere(test.options, unsafe);
  return opened.store;
};
const apply = (db: Writing, ...rows: Parameters<typeof makePage>[0]) =>
  applyPage(db, { page: makePage(rows), ...pass });
const words = (db: Writing): string[] =>
  listMessages(db, { sessionId, beforeSeq: null, limit: 100 }).messages.map(
    ({ content }) => content,
  );
const hits = (db: Writing, text: string): number => searchMessages(db, { text, limit: 10 }).length;

/** The files that hold a word, without its beginning: an index stores what two words share once. */
const filesWith = (word: string): string[] =>
  readdirSync(test.folder).filter((name) =>
    readFileSync(join(test.folder, name)).includes(word.slice(4)),
  );

/** A newer revision, then an older one. */
const late = (db: Writing): string[] => {
  const id = newId();
  apply(db, sessionRow(sessionId), messageRow(sessionId, 1, "newest", { id, rev: 3 }));
  apply(db, messageRow(sessionId, 1, "older, and late", { id, rev: 2 }));
  return words(db);
};

const fill = (db: Writing): void => {
  adoptEpoch(db, { epoch: "one", snapshot: "800:800:" });
  apply(
    db,
    accessRow(sessionId, true),
    sessionRow(sessionId, { rev: 7 }),
    messageRow(sessionId, 1, "before", { rev: 7 }),
    messageRow(sessionId, 2, "lost by the restore"),
  );
};

beforeEach(() => {
  test = makeStore();
});
afterEach(async () => {
  opened.close();
  await test.remove();
});

describe("a page of the feed", () => {
  it("S1, S2: leaves either the place where the pass goes on, or the new cursor", () => {
    const db = open();
    const next = { xid: "700", id: newId() };
    const first = makePage([sessionRow(sessionId)], next);
    applyPage(db, { page: first, ...pass });
    expect(getFeedState(db)).toMatchObject({
      cursor: null,
      asOf: null,
      pass: { snapshot: pass.snapshot, next },
    });
    apply(db, messageRow(sessionId, 1, "last"));
    expect(getFeedState(db)).toMatchObject({
      cursor: pass.snapshot,
      asOf: pass.serverTime,
      pass: null,
    });
  });

  it("S1: is stored as a whole or not at all, cursor included", () => {
    const db = open();
    const broken = messageRow(sessionId, 2 ** 20, "a number beyond the layout");
    const page = makePage([sessionRow(sessionId), messageRow(sessionId, 1, "one"), broken]);
    expect(() => applyPage(db, { page, ...pass })).toThrow("too many messages");
    expect(listSessions(db, { limit: 10, before: null }).items).toEqual([]);
    expect(getFeedState(db).cursor).toBeNull();
  });

  it("S3: changes nothing when it comes twice", () => {
    const db = open();
    const rows = [sessionRow(sessionId), messageRow(sessionId, 1, "one")];
    expect(apply(db, ...rows).changed.messages).toEqual([sessionId]);
    expect(apply(db, ...rows).changed).toEqual({ sessions: [], messages: [] });
    expect(words(db)).toEqual(["one"]);
  });

  it("S3: brings messages before their session", () => {
    const db = open();
    apply(db, messageRow(sessionId, 2, "two"), messageRow(sessionId, 1, "one"));
    apply(db, sessionRow(sessionId));
    expect(words(db)).toEqual(["one", "two"]);
  });

  it("S3: never puts an older revision over a newer one", () => {
    const db = open();
    expect(late(db)).toEqual(["newest"]);
    expect([hits(db, "newest"), hits(db, "older")]).toEqual([1, 0]);
  });
  it("S3: would, without the guard", () => {
    expect(late(open({ revGuard: false }))).toEqual(["older, and late"]);
  });

  it("S5: takes the words of a deleted message, and keeps them out", () => {
    const db = open();
    const id = newId();
    apply(db, sessionRow(sessionId), messageRow(sessionId, 1, "a mistake", { id }));
    const deleted = { id, rev: 2, deleted_at: "2026-11-20T11:00:00Z" };
    apply(db, messageRow(sessionId, 1, "a mistake", deleted));
    apply(db, messageRow(sessionId, 1, "a mistake", { id }));
    expect(words(db)).toEqual([]);
    expect(hits(db, "mistake")).toBe(0);
    const kept = statement(db.cache, "select content, rev from messages").get();
    expect(kept).toEqual({ content: "", rev: 2 });
  });

  it("S5: erases what a tombstone names, for good", () => {
    const db = open();
    const id = newId();
    const message = messageRow(sessionId, 1, "erased", { id });
    apply(db, sessionRow(sessionId), message, messageRow(sessionId, 2, "stays"));
    const tombstone = { entity: "message", id, session_id: sessionId };
    const { changed } = apply(db, { kind: "tombstone", id, row: tombstone });
    expect(changed.messages).toEqual([sessionId]);
    apply(db, message);
    expect(words(db)).toEqual(["stays"]);
    expect(hits(db, "erased")).toBe(0);
  });

  it("S5: erases a session with its words", () => {
    const db = open();
    apply(db, sessionRow(sessionId), messageRow(sessionId, 1, "erased"));
    const tombstone = { entity: "session", id: sessionId, session_id: sessionId };
    apply(db, { kind: "tombstone", id: sessionId, row: tombstone });
    apply(db, sessionRow(sessionId, { rev: 9 }), messageRow(sessionId, 1, "erased", { rev: 9 }));
    expect(listSessions(db, { limit: 10, before: null }).items).toEqual([]);
    expect(hits(db, "erased")).toBe(0);
  });
});

describe("another history of the server", () => {
  it("S6: leaves old rows readable, lets any revision replace them, and sweeps the rest", () => {
    const db = open();
    fill(db);
    expect(adoptEpoch(db, { epoch: "one", snapshot: "900:900:" })).toBe(false);
    expect(adoptEpoch(db, { epoch: "two", snapshot: "900:900:" })).toBe(true);
    expect(getFeedState(db)).toMatchObject({ epoch: "two", cursor: null });
    expect(words(db)).toEqual(["before", "lost by the restore"]);
    apply(db, sessionRow(sessionId, { rev: 1 }), messageRow(sessionId, 1, "after", { rev: 1 }));
    expect(words(db)).toEqual(["after"]);
    expect(hits(db, "restore")).toBe(0);
  });

  it("S6: is also one that the cursor is ahead of", () => {
    const db = open();
    fill(db);
    expect(adoptEpoch(db, { epoch: "one", snapshot: "790:790:" })).toBe(true);
    expect(getFeedState(db).cursor).toBeNull();
    expect([isAheadOf("1:10:", "1:9:"), isAheadOf("1:9:", "1:10:")]).toEqual([true, false]);
  });
});

describe("access", () => {
  it("S7: purges a revoked session at once, and tells which views are old", () => {
    const db = open();
    apply(db, accessRow(sessionId, true), sessionRow(sessionId), messageRow(sessionId, 1, "one"));
    const { changed } = apply(db, accessRow(sessionId, false, 2));
    expect(changed.sessions).toMatchObject([{ sessionId }]);
    expect(listSessions(db, { limit: 10, before: null }).items).toEqual([]);
    expect(hits(db, "one")).toBe(0);
    expect(statement(db.cache, "select count(*) as n from messages").get()).toEqual({ n: 0 });
  });

  it("S3, S7: is not given back by a late page", () => {
    const db = open();
    apply(db, accessRow(sessionId, true), sessionRow(sessionId));
    apply(db, accessRow(sessionId, false, 2));
    apply(db, accessRow(sessionId, true));
    expect(statement(db.cache, "select granted from access").get()).toEqual({ granted: 0 });
    expect(listBackfills(db)).toEqual([]);
  });

  const secret = "gonorrhoeaconfidential";
  /** Two sessions, of which the first, all about the secret, is purged. */
  const purge = (db: Writing): void => {
    const other = newSessionId();
    apply(db, accessRow(sessionId, true), sessionRow(sessionId, { notes: secret }));
    apply(db, sessionRow(other));
    // Several transactions with many words: the index keeps them in several segments.
    for (let seq = 1; seq < 300; seq += 50) {
      const numbers = Array.from({ length: 50 }, (_, at) => seq + at);
      const many = (at: number) => Array.from({ length: 40 }, (_, n) => `word${at * n}`).join(" ");
      apply(
        db,
        ...numbers.map((at) => messageRow(sessionId, at, `${secret} ${at}`)),
        ...numbers.map((at) => messageRow(other, at, many(at))),
      );
    }
    expect(filesWith(secret)).not.toEqual([]);
    apply(db, accessRow(sessionId, false, 2));
  };

  it("S7: leaves no purged word in any page or log of the decrypted files", () => {
    purge(open({ encryption: false }));
    expect(filesWith(secret)).toEqual([]);
  });

  it("S7: would leave them in freed pages if those were not overwritten", () => {
    const db = open({ encryption: false });
    db.cache.pragma("secure_delete = OFF");
    purge(db);
    expect(filesWith(secret)).toEqual(["cache.db"]);
  });

  it("S7: would leave them in the search index if that only marked them", () => {
    const db = open({ encryption: false });
    db.cache.exec("insert into message_index (message_index, rank) values ('secure-delete', 0)");
    purge(db);
    expect(filesWith(secret)).toEqual(["cache.db"]);
  });

  it("S8: a grant after the first pass asks for a backfill, once", () => {
    const db = open();
    apply(db);
    apply(db, accessRow(sessionId, true));
    apply(db, accessRow(sessionId, true));
    expect(listBackfills(db)).toEqual([{ sessionId, afterSeq: 0 }]);
    const first = makePage([sessionRow(sessionId), messageRow(sessionId, 1, "one")], { seq: 1 });
    expect(applySessionPage(db, { sessionId, page: first }).next).toEqual({ seq: 1 });
    expect(listBackfills(db)).toEqual([{ sessionId, afterSeq: 1 }]);
    applySessionPage(db, { sessionId, page: makePage([messageRow(sessionId, 2, "two")]) });
    expect(listBackfills(db)).toEqual([]);
    expect(words(db)).toEqual(["one", "two"]);
  });

  it("S8: a page of a backfill that comes after the revocation is thrown away", () => {
    const db = open();
    apply(db);
    apply(db, accessRow(sessionId, true));
    apply(db, accessRow(sessionId, false, 2));
    const page = makePage([sessionRow(sessionId), messageRow(sessionId, 1, "one")]);
    expect(applySessionPage(db, { sessionId, page }).rows).toBe(0);
    expect(hits(db, "one")).toBe(0);
  });

  it("S8: in the first pass, only grants that its snapshot does not show", () => {
    const db = open();
    const during = newSessionId();
    apply(db, accessRow(sessionId, true, 1, "700"), accessRow(during, true, 1, "801"));
    expect(listBackfills(db)).toEqual([{ sessionId: during, afterSeq: 0 }]);
  });

  it.each([
    ["90:100:95", "89", true],
    ["90:100:95", "95", false],
    ["90:100:95", "96", true],
    ["90:100:95", "100", false],
  ])("S8: in snapshot %s transaction %s is visible: %s", (snapshot, xid, visible) => {
    expect(isVisibleIn(snapshot, xid)).toBe(visible);
  });
});

describe("the search index", () => {
  it("is exact after inserts, changes and deletes", () => {
    const db = open();
    const id = newId();
    apply(
      db,
      sessionRow(sessionId),
      messageRow(sessionId, 1, "Crème brûlée for supper", { id }),
      messageRow(sessionId, 2, "今朝から胸が痛いです"),
      messageRow(sessionId, 3, "Supper was late"),
    );
    expect(
      ["creme", "SUPPER", "sup", "胸が痛い", "痛", "です", "lunch"].map((t) => hits(db, t)),
    ).toEqual([1, 2, 2, 1, 1, 1, 0]);
    expect(searchMessages(db, { text: "supper", limit: 1 })).toMatchObject([{ seq: 3, sessionId }]);
    apply(db, messageRow(sessionId, 1, "Lunch instead", { id, rev: 2 }));
    expect([hits(db, "brulee"), hits(db, "lunch")]).toEqual([0, 1]);
    db.cache.exec("insert into message_index (message_index, rank) values ('integrity-check', 1)");
    db.cache.exec("insert into message_index (message_index) values ('rebuild')");
    expect(hits(db, "胸が痛い")).toBe(1);
  });
});
