import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SessionId } from "#shared/model/ids.ts";
import type { Fault } from "#shared/contract/fault.ts";
import type { Cache } from "#electron/cache/cache.ts";
import {
  makeStore,
  newId,
  newSessionId,
  type TestStore,
} from "#electron/cache/testing/test-store.ts";
import { HeldSessions } from "./held-sessions.ts";
import { FakeRemote } from "./testing/fake-remote.ts";
import { pull } from "./pull.ts";
import { push } from "./push.ts";

let test: TestStore;
let cache: Cache;
let remote: FakeRemote;
let refused: Fault[];
let held: HeldSessions;
let clock: number;
const sessionId = newSessionId();
const signal = new AbortController().signal;

const run = () =>
  push({
    cache,
    remote,
    signal,
    held,
    onMessage: () => {},
    onSession: () => {},
    onEndRefused: (fault) => refused.push(fault),
  });
const queue = async (content: string, of: SessionId = sessionId) =>
  cache.write("message.queue", { id: newId(), sessionId: of, content, senderName: "Dr Test" });
const shown = async () => {
  const page = { sessionId, beforeSeq: null, limit: 100 };
  const { messages } = await cache.read("messages.list", page);
  return messages.map(({ seq, content, delivery }) => `${seq ?? "-"} ${content}: ${delivery}`);
};
const pullAll = () =>
  pull({ cache, remote, signal, pageSize: 100, onChanged: () => {}, onProgress: () => {} });

beforeEach(async () => {
  test = makeStore();
  cache = await test.open();
  remote = new FakeRemote();
  refused = [];
  clock = 0;
  held = new HeldSessions(
    (failures) => failures * 1_000,
    () => clock,
  );
  remote.addSession(sessionId, ["hello"]);
  await pullAll();
});
afterEach(() => test.remove());

describe("the outbox", () => {
  it("S10, S11: arrives in order and once, and shows as sent before any pull", async () => {
    for (const text of ["one", "two", "three"]) await queue(text);
    expect(await run()).toMatchObject({ ok: true });
    expect(remote.received.map(({ content }) => content)).toEqual(["one", "two", "three"]);
    const all = ["1 hello: sent", "2 one: sent", "3 two: sent", "4 three: sent"];
    expect(await shown()).toEqual(all);
    await pullAll();
    expect(await shown()).toEqual(all);
  });

  it("S10: waits at its place while the network is gone", async () => {
    for (const text of ["one", "two"]) await queue(text);
    remote.failures.set("sendMessage", ["offline"]);
    expect(await run()).toMatchObject({ ok: false, fault: "offline" });
    expect(await shown()).toEqual(["1 hello: sent", "- one: queued", "- two: queued"]);
    await run();
    expect(remote.received.map(({ content }) => content)).toEqual(["one", "two"]);
  });

  it("S10: parks what is refused, with the reason, and goes on", async () => {
    for (const text of ["one", "two"]) await queue(text);
    remote.failures.set("sendMessage", ["refused"]);
    expect(await run()).toMatchObject({ ok: true });
    expect(await shown()).toEqual(["1 hello: sent", "2 two: sent", "- one: refused"]);
    const { messages } = await cache.read("messages.list", {
      sessionId,
      beforeSeq: null,
      limit: 9,
    });
    const parked = messages.at(-1);
    expect(parked?.refusal).toBe("The server said refused.");
    await cache.write("message.retry", { id: parked?.id ?? newId() });
    await run();
    expect(await shown()).toEqual(["1 hello: sent", "2 two: sent", "3 one: sent"]);
  });

  it("S11: whose answer was lost is sent again and is there once", async () => {
    await queue("one");
    remote.loseAnswers = 2;
    expect(await run()).toMatchObject({ ok: false });
    await cache.close();
    cache = await test.open();
    expect(await run()).toMatchObject({ ok: false });
    await pullAll();
    expect(await shown()).toEqual(["1 hello: sent", "2 one: sent"]);
    expect(await run()).toMatchObject({ ok: true });
    expect(remote.received).toHaveLength(1);
    expect(remote.calls.filter((call) => call === "sendMessage")).toHaveLength(3);
    expect(await cache.read("outbox.count", {})).toEqual({ queued: 0, refused: 0 });
  });

  it("S10: ends a session after its last message", async () => {
    await queue("last words");
    await cache.write("end.queue", { sessionId, durationSeconds: 90, notes: "Rest" });
    remote.failures.set("sendMessage", ["offline"]);
    await run();
    expect(remote.ended).toEqual([]);
    remote.failures.set("endSession", ["offline"]);
    expect(await run()).toMatchObject({ ok: false, fault: "offline" });
    const { session } = await cache.read("sessions.get", { sessionId });
    expect(session).toMatchObject({ status: "ended", endQueued: true });
    await run();
    expect(remote.ended).toEqual([{ sessionId, durationSeconds: 90, notes: "Rest" }]);
    const after = await cache.read("sessions.get", { sessionId });
    expect(after.session).toMatchObject({ status: "ended", endQueued: false, notes: "Rest" });
  });

  it("S17: what the server fails on for ever holds up its own session only", async () => {
    const other = newSessionId();
    remote.addSession(other, []);
    await pullAll();
    const poison = await queue("poison");
    await queue("behind the poison");
    await queue("another session", other);
    remote.poison.add(poison.id);
    expect(await run()).toMatchObject({ ok: true });
    expect(remote.received.map(({ content }) => content)).toEqual(["another session"]);
    // It keeps its place: nothing of its session overtakes it, and it waits longer each time.
    expect(await shown()).toEqual([
      "1 hello: sent",
      "- poison: queued",
      "- behind the poison: queued",
    ]);
    expect(held.nextMs()).toBe(1_000);
    clock = 1_001;
    await queue("goes on", other);
    await run();
    expect(held.nextMs()).toBe(2_000);
    expect(remote.received.map(({ content }) => content)).toEqual(["another session", "goes on"]);
    const { items } = await cache.read("outbox.list", {});
    expect(items[0]).toMatchObject({ id: poison.id, reason: "The server said server." });
    // The way out: thrown away, what was behind it goes.
    await cache.write("message.discard", { id: poison.id });
    held.releaseAll();
    await run();
    expect(remote.received.at(-1)?.content).toBe("behind the poison");
  });

  it("S17: an end that the server fails on holds up no other", async () => {
    const other = newSessionId();
    remote.addSession(other, []);
    await pullAll();
    await cache.write("end.queue", { sessionId, durationSeconds: 90 });
    await cache.write("end.queue", { sessionId: other, durationSeconds: 80 });
    remote.failures.set("endSession", ["server"]);
    expect(await run()).toMatchObject({ ok: true });
    expect(remote.ended.map(({ sessionId: id }) => id)).toEqual([other]);
  });

  it("tells of an end that is refused, and keeps its notes", async () => {
    await cache.write("end.queue", { sessionId, durationSeconds: 90, notes: "Rest" });
    remote.failures.set("endSession", ["already_signed"]);
    expect(await run()).toMatchObject({ ok: true });
    expect(refused).toMatchObject([{ fault: "already_signed" }]);
    expect((await cache.read("drafts.get", { sessionId })).notes).toBe("Rest");
    expect(await cache.read("outbox.count", {})).toEqual({ queued: 0, refused: 0 });
    await cache.write("end.queue", { sessionId, durationSeconds: 90 });
    remote.failures.set("endSession", ["refused"]);
    await run();
    expect(await cache.read("outbox.count", {})).toEqual({ queued: 0, refused: 1 });
  });
});
