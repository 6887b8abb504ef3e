import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SessionId } from "#shared/model/ids.ts";
import type { Cache } from "#electron/cache/cache.ts";
import {
  makeStore,
  messageRow,
  newId,
  newSessionId,
  type TestStore,
} from "#electron/cache/testing/test-store.ts";
import { FakeRemote } from "./testing/fake-remote.ts";
import { pull } from "./pull.ts";

let test: TestStore;
let cache: Cache;
let remote: FakeRemote;
const sessionId = newSessionId();

const run = (pageSize = 1_000) =>
  pull({
    cache,
    remote,
    pageSize,
    signal: new AbortController().signal,
    onChanged: () => {},
    onProgress: () => {},
  });
const words = async (id: SessionId = sessionId): Promise<string[]> => {
  const { messages } = await cache.read("messages.list", {
    sessionId: id,
    beforeSeq: null,
    limit: 500,
  });
  return messages.map(({ content }) => content);
};
const count = (kind: string) => remote.calls.filter((call) => call === kind).length;

beforeEach(async () => {
  test = makeStore();
  cache = await test.open();
  remote = new FakeRemote();
});
afterEach(() => test.remove());

describe("a pass", () => {
  it("S2: brings everything in pages, then only what is new", async () => {
    const text = Array.from({ length: 95 }, (_, at) => `number ${at}`);
    remote.addSession(sessionId, text);
    expect(await run(10)).toMatchObject({ ok: true, value: { rows: 97, resumed: false } });
    expect(await words()).toEqual(text);
    expect(count("pullSince")).toBeGreaterThan(9);
    remote.put(messageRow(sessionId, 96, "new"));
    expect(await run(10)).toMatchObject({ ok: true, value: { rows: 1 } });
    expect((await words()).at(-1)).toBe("new");
    expect(await run(10)).toMatchObject({ ok: true, value: { rows: 0 } });
  });

  it("S1: finds a row whose transaction began before the pass and committed after it", async () => {
    remote.addSession(sessionId, ["one"]);
    const slow = remote.begin();
    remote.write(slow, messageRow(sessionId, 2, "slow"));
    remote.put(messageRow(sessionId, 3, "fast, with a higher number"));
    await run();
    expect(await words()).toEqual(["one", "fast, with a higher number"]);
    remote.commit(slow);
    await run();
    expect(await words()).toEqual(["one", "slow", "fast, with a higher number"]);
  });

  it("S1: a cursor of the highest number seen would have lost it", async () => {
    remote.addSession(sessionId, ["one"]);
    const slow = remote.begin();
    remote.write(slow, messageRow(sessionId, 2, "slow"));
    remote.put(messageRow(sessionId, 3, "fast"));
    // The wrong cursor: everything below the next number counts as seen.
    remote.snapshotText = () => "702:703:";
    await run();
    remote.commit(slow);
    await run();
    expect(await words()).toEqual(["one", "fast"]);
  });

  it("S2: that is cut short goes on where it stopped, and another one follows", async () => {
    remote.addSession(
      sessionId,
      Array.from({ length: 50 }, (_, at) => `number ${at}`),
    );
    remote.failures.set("pullSince", []);
    let pages = 0;
    remote.before = (call) => {
      if (call === "pullSince" && ++pages === 3) remote.failures.get("pullSince")?.push("offline");
    };
    expect(await run(10)).toMatchObject({ ok: false, fault: "offline" });
    const half = (await cache.read("feed.state", {})).pass;
    expect(half).not.toBeNull();
    remote.put(messageRow(sessionId, 51, "meanwhile"));
    // A restart of the app in between changes nothing.
    await cache.close();
    cache = await test.open();
    remote.before = null;
    const rest = await run(10);
    expect(rest).toMatchObject({ ok: true, value: { resumed: true } });
    expect((await cache.read("feed.state", {})).cursor).toBe(half?.snapshot);
    expect(await run(10)).toMatchObject({ ok: true, value: { resumed: false } });
    expect(await words()).toHaveLength(51);
  });

  it("S3: a row that changes during a pass ends up as it is on the server", async () => {
    remote.addSession(sessionId, ["one", "two", "three"]);
    const id = newId();
    remote.put(messageRow(sessionId, 4, "first wording", { id }));
    let pages = 0;
    remote.before = (call) => {
      if (call === "pullSince" && ++pages === 2) {
        remote.put(messageRow(sessionId, 4, "second wording", { id }));
      }
    };
    await run(2);
    await run(2);
    expect(await words()).toEqual(["one", "two", "three", "second wording"]);
  });

  it("S4: asks for the next page while one is written", async () => {
    remote.addSession(sessionId, ["one", "two", "three"]);
    const order: string[] = [];
    remote.before = (call) => void order.push(call);
    const { write } = cache;
    cache.write = async (name, args) => {
      const value = await write(name, args);
      order.push(name);
      return value;
    };
    await run(3);
    expect(order.slice(0, 5)).toEqual([
      "snapshot",
      "feed.adoptEpoch",
      "pullSince",
      "pullSince",
      "feed.applyPage",
    ]);
  });

  it("S5: erases what the server has erased", async () => {
    const id = newId();
    remote.addSession(sessionId, ["one"]);
    remote.put(messageRow(sessionId, 2, "erased", { id }));
    await run();
    remote.erase("message", id, sessionId);
    await run();
    expect(await words()).toEqual(["one"]);
  });

  it("S6: after a restore brings the other history, and drops what is not in it", async () => {
    const lost = newId();
    remote.addSession(sessionId, ["one"]);
    remote.put(messageRow(sessionId, 2, "lost", { id: lost }));
    await run();
    const message = { id: newId(), sessionId, content: "unsent", senderName: "Dr Test" };
    await cache.write("message.queue", message);
    remote.forget("message", lost);
    remote.restore("epoch-2");
    remote.offline = true;
    await run();
    expect(await words()).toEqual(["one", "lost", "unsent"]);
    remote.offline = false;
    await run();
    expect(await words()).toEqual(["one", "unsent"]);
  });

  it("S6: that finds its cursor ahead of a server restored meanwhile begins anew, losing nothing", async () => {
    remote.addSession(sessionId, ["one"]);
    for (let at = 0; at < 20; at++) remote.setAccess(sessionId, true);
    await run();
    const message = { id: newId(), sessionId, content: "unsent", senderName: "Dr Test" };
    await cache.write("message.queue", message);
    remote.put(messageRow(sessionId, 2, "two"));
    // The restore falls between the snapshot and the first page, so the epoch was the old one.
    remote.before = (call) => {
      if (call !== "pullSince") return;
      remote.restore("epoch-1");
      // By the next snapshot the restored server has begun more transactions than the lost one had.
      remote.before = () => {
        remote.before = null;
        for (let at = 0; at < 100; at++) remote.commit(remote.begin());
      };
    };
    expect(await run()).toMatchObject({ ok: true });
    expect(await words()).toEqual(["one", "two", "unsent"]);
    expect(remote.calls.filter((call) => call === "snapshot")).toHaveLength(3);
    // The next pass goes on from the new history.
    remote.put(messageRow(sessionId, 3, "three"));
    await run();
    expect(await words()).toEqual(["one", "two", "three", "unsent"]);
  });

  it("S6: that a replica turned down is tried again, and changes nothing", async () => {
    remote.addSession(sessionId, ["one"]);
    await run();
    const { cursor } = await cache.read("feed.state", {});
    remote.failures.set("snapshot", ["server"]);
    expect(await run()).toMatchObject({ ok: false, fault: "server" });
    remote.failures.set("pullSince", ["server"]);
    expect(await run()).toMatchObject({ ok: false, fault: "server" });
    expect((await cache.read("feed.state", {})).cursor).toBe(cursor);
    remote.put(messageRow(sessionId, 2, "two"));
    await run();
    expect(await words()).toEqual(["one", "two"]);
  });
});

describe("what realtime has told", () => {
  it("S20: outlives a pass that is taken up again, whose snapshot is older than it", async () => {
    remote.addSession(sessionId, ["one"]);
    await run();
    const late = remote.begin();
    for (let at = 0; at < 30; at++) remote.addSession(newSessionId(), [`number ${at}`]);
    // Cut short after some pages; the late transaction commits behind the place where it goes on.
    let pages = 0;
    remote.before = (call) => {
      if (call === "pullSince" && ++pages === 3) remote.offline = true;
    };
    expect(await run(10)).toMatchObject({ ok: false });
    remote.before = null;
    remote.offline = false;
    const told = messageRow(sessionId, 2, "late");
    remote.write(late, told);
    remote.commit(late);
    expect(await cache.write("told.message", { sessionId, row: told.row })).toBe(true);
    expect(await run()).toMatchObject({ ok: true, value: { resumed: true } });
    expect(await words()).toEqual(["one", "late"]);
    await run();
    expect(await words()).toEqual(["one", "late"]);
  });
});

describe("access", () => {
  it("S7: that is revoked takes the session away", async () => {
    remote.addSession(sessionId, ["one"]);
    await run();
    remote.setAccess(sessionId, false);
    await run();
    await expect(words()).rejects.toMatchObject({ code: "not_found" });
  });

  it("S8: that is granted brings the whole history, in pages, also after a revocation", async () => {
    const text = Array.from({ length: 25 }, (_, at) => `number ${at}`);
    remote.addSession(sessionId, text, false);
    await run();
    await expect(words()).rejects.toMatchObject({ code: "not_found" });
    for (let again = 0; again < 2; again++) {
      remote.setAccess(sessionId, true);
      await run(10);
      expect(await words()).toEqual(text);
      remote.setAccess(sessionId, false);
      await run(10);
      await expect(words()).rejects.toMatchObject({ code: "not_found" });
    }
  });

  it("S8: that is granted in the middle of the first pass brings what the pass had gone by", async () => {
    const granted = newSessionId();
    remote.addSession(granted, ["early", "words"], false);
    remote.addSession(
      sessionId,
      Array.from({ length: 30 }, (_, at) => `number ${at}`),
    );
    let pages = 0;
    remote.before = (call) => {
      if (call === "pullSince" && ++pages === 3) remote.setAccess(granted, true);
    };
    await run(10);
    await run(10);
    expect(await words(granted)).toEqual(["early", "words"]);
  });

  it("S8: a backfill that is cut short goes on where it stopped", async () => {
    remote.addSession(
      sessionId,
      Array.from({ length: 25 }, (_, at) => `number ${at}`),
      false,
    );
    await run();
    remote.setAccess(sessionId, true);
    let pages = 0;
    remote.before = (call) => {
      if (call === "pullSession" && ++pages === 2) remote.failures.set("pullSession", ["offline"]);
    };
    expect(await run(10)).toMatchObject({ ok: false, fault: "offline" });
    expect(await cache.read("feed.backfills", {})).toEqual([{ sessionId, afterSeq: 9 }]);
    await run(10);
    expect(await words()).toHaveLength(25);
    expect(await cache.read("feed.backfills", {})).toEqual([]);
  });

  it("S8: a backfill that the server refuses is given up", async () => {
    remote.addSession(sessionId, ["one"], false);
    await run();
    remote.setAccess(sessionId, true);
    remote.failures.set("pullSession", ["refused"]);
    expect(await run()).toMatchObject({ ok: true });
    expect(await cache.read("feed.backfills", {})).toEqual([]);
  });
});
