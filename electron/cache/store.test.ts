import { randomBytes } from "node:crypto";
import { closeSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UserId } from "#shared/model/ids.ts";
import { checkCache, type Cache } from "./cache.ts";
import { openWritable } from "./database.ts";
import {
  makePage,
  makeStore,
  messageRow,
  newId,
  newSessionId,
  openHere,
  patientId,
  sessionRow,
  type TestStore,
} from "./testing/test-store.ts";

const PHRASE = "the planted phrase about a sore throat";
const sessionId = newSessionId();
let store: TestStore;

beforeEach(() => {
  store = makeStore();
});
afterEach(() => store.remove());

/** Puts the phrase everywhere where a patient's words can lie. */
async function plant(encryption?: false): Promise<Cache> {
  const cache = await store.open({ unsafe: { encryption } });
  const page = makePage([
    sessionRow(sessionId, { notes: PHRASE }),
    messageRow(sessionId, 1, PHRASE, { id: newId() }),
  ]);
  const pass = { snapshot: "800:800:", serverTime: "2026-11-20T10:00:00Z" };
  await cache.write("feed.applyPage", { page, ...pass });
  const message = { id: newId(), sessionId, content: PHRASE, senderName: "Dr Test" };
  await cache.write("message.queue", message);
  await cache.write("draft.save", { sessionId, field: "notes", text: PHRASE });
  return cache;
}

/** Every file of the folder, logs included, that holds the phrase in some plain form. */
function filesThatTell(): string[] {
  const forms = [
    Buffer.from(PHRASE, "utf8"),
    Buffer.from(PHRASE, "utf16le"),
    Buffer.from(PHRASE, "utf16le").swap16(),
    // Base64 of the phrase at each of the three offsets that it can have in a longer text.
    ...["", "x", "xx"].map((before) =>
      Buffer.from(
        Buffer.from(before + PHRASE)
          .toString("base64")
          .slice(4, -4),
      ),
    ),
  ];
  return readdirSync(store.folder).filter((name) => {
    const bytes = readFileSync(join(store.folder, name));
    return forms.some((form) => bytes.includes(form));
  });
}

function damage(file: string, at: number, length: number): void {
  const fd = openSync(join(store.folder, file), "r+");
  writeSync(fd, randomBytes(length), 0, length, at);
  closeSync(fd);
}

describe("encryption", () => {
  it("leaves no word of a patient in any file, open or closed", async () => {
    await plant();
    expect(readdirSync(store.folder)).toContain("cache.db-wal");
    expect(filesThatTell()).toEqual([]);
  });

  it("is what hides them: without it both files tell", async () => {
    await plant(false);
    expect(filesThatTell().map((name) => name.slice(0, 6))).toEqual(
      expect.arrayContaining(["cache.", "outbox"]),
    );
  });

  it("asks for the key that the folder was made with, and leaves the files alone", async () => {
    await (await store.open()).close();
    await expect(store.open({ key: randomBytes(32) })).rejects.toMatchObject({
      code: "wrong_key",
    });
    await expect(store.open({ key: randomBytes(32), repair: true })).rejects.toMatchObject({
      code: "wrong_key",
    });
    await (await store.open()).close();
  });

  it("sorts in memory: a temporary file would be plain", () => {
    const { store: both, close } = openHere(store.options);
    for (const db of [both.cache, both.outbox]) {
      expect(db.pragma("temp_store", { simple: true })).toBe(2);
    }
    close();
  });

  it("wants a key of 32 bytes", async () => {
    await expect(store.open({ key: randomBytes(16) })).rejects.toMatchObject({
      code: "wrong_key",
    });
  });
});

describe("the folder", () => {
  it("is open in one place only, and free again after the close", async () => {
    const first = await store.open();
    await expect(store.open()).rejects.toMatchObject({ code: "locked" });
    await first.close();
    await (await store.open()).close();
  });

  it("belongs to one user", async () => {
    await (await store.open()).close();
    await expect(store.open({ userId: UserId.parse(patientId) })).rejects.toMatchObject({
      code: "other_user",
    });
  });

  it("is not opened by an app older than the one that wrote it", async () => {
    await (await store.open()).close();
    const key = Buffer.from(store.options.key);
    const db = openWritable({ path: join(store.folder, "cache.db"), file: "cache", key });
    db.pragma("user_version = 99");
    db.close();
    await expect(store.open()).rejects.toMatchObject({ code: "newer" });
  });
});

describe("damage", () => {
  it("of cache.db is told, and repaired by an empty one; the outbox stays", async () => {
    await plant();
    await store.close();
    damage("cache.db", 0, 4096);
    await expect(store.open()).rejects.toMatchObject({ code: "corrupt" });
    const cache = await store.open({ repair: true });
    expect((await cache.read("sessions.list", { limit: 10, before: null })).items).toEqual([]);
    expect(await cache.read("feed.state", {})).toMatchObject({ cursor: null });
    expect(await cache.read("outbox.count", {})).toEqual({ queued: 1, refused: 0 });
    expect((await cache.read("drafts.get", { sessionId })).notes).toBe(PHRASE);
  });

  it("of cache.db that shows only later is told by the read that meets it", async () => {
    const cache = await store.open();
    const rows = Array.from({ length: 200 }, (_, at) =>
      messageRow(sessionId, at + 1, `${at} `.repeat(200)),
    );
    const pass = { snapshot: "800:800:", serverTime: "2026-11-20T10:00:00Z" };
    const page = makePage([sessionRow(sessionId), ...rows]);
    await cache.write("feed.applyPage", { page, ...pass });
    await cache.close();
    damage("cache.db", 30 * 4096, 20 * 4096);
    const again = await store.open();
    const read = again.read("messages.list", { sessionId, beforeSeq: null, limit: 200 });
    await expect(read).rejects.toMatchObject({ code: "corrupt" });
    // S23: the file still opens, but it is marked: nobody goes on with it.
    await again.close();
    await expect(store.open()).rejects.toMatchObject({ code: "corrupt" });
    const repaired = await store.open({ repair: true });
    expect((await repaired.read("sessions.list", { limit: 10, before: null })).items).toEqual([]);
    await repaired.close();
    await store.open();
  });

  it("S23: of cache.db is found by a look through it, while the store is in use", async () => {
    const cache = await store.open();
    const { signal } = new AbortController();
    const rows = Array.from({ length: 200 }, (_, at) =>
      messageRow(sessionId, at + 1, `${at} `.repeat(200)),
    );
    const pass = { snapshot: "800:800:", serverTime: "2026-11-20T10:00:00Z" };
    await cache.write("feed.applyPage", {
      page: makePage([sessionRow(sessionId), ...rows]),
      ...pass,
    });
    await cache.close();
    await store.open();
    expect(await checkCache(store.options, 10_000, signal)).toBe("sound");
    expect(await checkCache(store.options, -1, signal)).toBe("partly");
    damage("cache.db", 30 * 4096, 20 * 4096);
    expect(await checkCache(store.options, 10_000, signal)).toBe("damaged");
    await store.close();
    await expect(store.open()).rejects.toMatchObject({ code: "corrupt" });
  });

  it("of outbox.db is told, and what can be read of it is saved", async () => {
    const cache = await plant();
    for (let at = 0; at < 300; at++) {
      const content = `${at} `.repeat(100);
      await cache.write("message.queue", { id: newId(), sessionId, content, senderName: "Dr" });
    }
    await store.close();
    // The last pages: the first rows and the drafts lie before them.
    damage("outbox.db", 25 * 4096, 4096);
    await expect(store.open()).rejects.toMatchObject({ code: "outbox_corrupt" });
    const repaired = await store.open({ repair: true });
    const { queued } = await repaired.read("outbox.count", {});
    expect(queued).toBeGreaterThan(10);
    expect(queued).toBeLessThan(301);
    expect(readdirSync(store.folder)).toContain("outbox.db.damaged");
  });
});
