import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ok } from "#shared/contract/fault.ts";
import type { Cache } from "#electron/cache/cache.ts";
import {
  appointmentId,
  doctorId,
  makeStore,
  messageRow,
  newId,
  newSessionId,
  patientId,
  sessionRow,
  type TestStore,
} from "#electron/cache/testing/test-store.ts";
import { startSync, type SyncEngine, type SyncParts } from "./engine.ts";
import { FakeRemote } from "./testing/fake-remote.ts";

let test: TestStore;
let cache: Cache;
let remote: FakeRemote;
let engine: SyncEngine | null;
let heard: string[];
const sessionId = newSessionId();

const tell = (name: string) => () => void heard.push(name);

const start = (change: Partial<SyncParts> = {}): SyncEngine => {
  engine = startSync({
    cache,
    remote,
    events: {
      onState: tell("state"),
      onAppointments: tell("appointments"),
      onSession: tell("session"),
      onMessages: tell("messages"),
      // Nobody catches it, so the run fails.
      onBug: (error) => {
        throw error;
      },
    },
    pollMs: 60_000,
    settleMs: 40,
    waitMs: () => 20,
    ...change,
  });
  return engine;
};
const passes = () => remote.calls.filter((call) => call === "snapshot").length;
const texts = async () => {
  const page = { sessionId, beforeSeq: null, limit: 100 };
  return (await cache.read("messages.list", page)).messages.map(({ content }) => content);
};

beforeEach(async () => {
  test = makeStore();
  cache = await test.open();
  remote = new FakeRemote();
  engine = null;
  heard = [];
  remote.addSession(sessionId, ["hello"]);
});
afterEach(async () => {
  await engine?.stop();
  await test.remove();
});

describe("the engine", () => {
  it("S16: begins by itself, and says so", async () => {
    const sync = start();
    expect(sync.state()).toMatchObject({ connection: "connecting", asOf: null });
    await expect.poll(() => sync.state().connection).toBe("online");
    expect(await texts()).toEqual(["hello"]);
    const { asOf } = await cache.read("feed.state", {});
    expect(sync.state()).toEqual({
      connection: "online",
      asOf,
      queued: 0,
      refused: 0,
      pulling: null,
      fault: null,
    });
    expect(new Set(heard)).toEqual(new Set(["state", "appointments", "session", "messages"]));
  });

  it("S14: pulls on a hint, and once more however many come", async () => {
    const sync = start();
    await sync.now();
    remote.put(messageRow(sessionId, 2, "hinted"));
    const before = passes();
    for (let at = 0; at < 100; at++) remote.hint(sessionId);
    await expect.poll(texts).toEqual(["hello", "hinted"]);
    await sync.now();
    expect(passes() - before).toBeLessThanOrEqual(3);
  });

  it("S16: says that live updates are off when the server answers but never lets it listen", async () => {
    const sync = start({ blindMs: 100, pollMs: 30 });
    await expect.poll(() => sync.state().connection).toBe("online");
    await expect.poll(() => sync.state().fault?.code).toBe("realtime_off");
    remote.subscribed();
    await expect.poll(() => sync.state().fault).toBeNull();
    remote.lost();
    await expect.poll(() => sync.state().fault?.code).toBe("realtime_off");
  });

  it("S16: does not take a network that is away for live updates that are off", async () => {
    const sync = start({ blindMs: 200, pollMs: 20 });
    remote.subscribed();
    await sync.now();
    remote.offline = true;
    remote.lost();
    await expect.poll(() => sync.state().connection).toBe("offline");
    await new Promise((resolve) => setTimeout(resolve, 400));
    remote.offline = false;
    await sync.now();
    expect(sync.state()).toMatchObject({ connection: "online", fault: null });
  });

  it("S14: pulls on SUBSCRIBED, and again a little later", async () => {
    const sync = start({ settleMs: 400 });
    await expect.poll(() => sync.state().connection).toBe("online");
    remote.subscribed();
    await sync.now();
    const before = passes();
    // A change between SUBSCRIBED and the first event comes without a hint.
    remote.put(messageRow(sessionId, 2, "in the gap"));
    await expect.poll(texts).toEqual(["hello", "in the gap"]);
    expect(passes()).toBe(before + 1);
  });

  it("S20: shows what a live session's topic tells before any pass, and confirms it", async () => {
    const sync = start();
    await sync.now();
    const room = remote.rooms.get(sessionId);
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    remote.before = (call) => (call === "snapshot" ? held : undefined);
    const { row } = messageRow(sessionId, 2, "told");
    room?.listener.onMessage(row);
    // No snapshot is answered, so no pass can have brought it.
    await expect.poll(texts).toEqual(["hello", "told"]);
    letGo();
    // The server does not have it: it was never said.
    await expect.poll(texts).toEqual(["hello"]);
  });

  it("S20: asks for a pass where a number is missing, and leaves a session that has ended", async () => {
    const sync = start();
    await sync.now();
    const two = messageRow(sessionId, 2, "two");
    const three = messageRow(sessionId, 3, "three");
    remote.put(two, three);
    remote.rooms.get(sessionId)?.listener.onMessage(three.row);
    await expect.poll(texts).toEqual(["hello", "two", "three"]);
    remote.put(sessionRow(sessionId, { status: "ended" }));
    await sync.now();
    expect(remote.rooms.size).toBe(0);
  });

  it("S21: looks at once after a sleep or in another network", async () => {
    let addresses = "one";
    const world = { tickMs: 20, addresses: () => addresses };
    const sync = start({ world });
    await sync.now();
    const before = passes();
    addresses = "two";
    await expect.poll(passes).toBeGreaterThan(before);
  });

  it("S14: looks by itself where no hint ever comes", async () => {
    start({ pollMs: 30 });
    await expect.poll(passes).toBeGreaterThan(0);
    remote.put(messageRow(sessionId, 2, "never told of"));
    await expect.poll(texts).toEqual(["hello", "never told of"]);
  });

  it("S15, S16: offline, it waits, keeps what is written, and goes on by itself", async () => {
    const sync = start();
    await sync.now();
    remote.offline = true;
    await sync.now();
    expect(sync.state()).toMatchObject({ connection: "offline", fault: null });
    const message = { id: newId(), sessionId, content: "unsent", senderName: "Dr Test" };
    await cache.write("message.queue", message);
    sync.outboxChanged();
    await expect.poll(() => sync.state().queued).toBe(1);
    remote.offline = false;
    const before = passes();
    await expect.poll(() => sync.state()).toMatchObject({ connection: "online", queued: 0 });
    // S14: the server sends nobody a hint of his own message.
    await expect.poll(passes).toBeGreaterThan(before);
    expect(remote.received.map(({ content }) => content)).toEqual(["unsent"]);
  });

  it("S15, S16: shows what somebody must act on until it is mended", async () => {
    remote.failures.set("snapshot", ["tables_missing", "tables_missing"]);
    const sync = start({ waitMs: () => 100 });
    await expect.poll(() => sync.state().fault?.code).toBe("tables_missing");
    expect(sync.state().connection).toBe("online");
    await expect.poll(() => sync.state().fault).toBeNull();
  });

  it("S16: shows a bug or a broken store, and goes on when it is over", async () => {
    const reported: unknown[] = [];
    const events = {
      onState: tell("state"),
      onAppointments: tell("appointments"),
      onSession: tell("session"),
      onMessages: tell("messages"),
      onBug: (error: unknown) => void reported.push(error),
    };
    const { pullSince } = remote;
    remote.pullSince = async () => ok({ rows: "of another shape" });
    const sync = start({ events, waitMs: () => 100 });
    await expect.poll(() => sync.state().fault?.code).toBe("unexpected");
    expect(reported.length).toBeGreaterThan(0);
    remote.pullSince = pullSince;
    await expect.poll(() => sync.state()).toMatchObject({ fault: null, connection: "online" });
  });

  it("S13: brings the calendar, also without the feed and the feed without it", async () => {
    const startsAt = new Date().toISOString();
    remote.appointments = [
      {
        id: appointmentId,
        patientId,
        doctorId,
        startsAt,
        durationMinutes: 15,
        type: "chat",
        status: null,
        reason: null,
      },
    ];
    remote.failures.set("calendar", ["tables_missing"]);
    const sync = start({ waitMs: () => 50 });
    await expect.poll(() => sync.state().fault?.code).toBe("tables_missing");
    expect(await texts()).toEqual(["hello"]);
    const day = {
      from: new Date(Date.now() - 1_000_000).toISOString(),
      to: new Date(Date.now() + 1_000_000).toISOString(),
    };
    const list = async () => (await cache.read("appointments.list", day)).items;
    await expect.poll(list).toMatchObject([{ id: appointmentId, session: { id: sessionId } }]);
    await expect.poll(() => sync.state().fault).toBeNull();
    remote.appointments = [];
    await sync.now();
    expect(await list()).toEqual([]);
  });

  it("S13: does not fetch the calendar for every message", async () => {
    const sync = start();
    await sync.now();
    const calls = () => remote.calls.filter((call) => call === "calendar").length;
    const before = calls();
    remote.put(messageRow(sessionId, 2, "hinted"));
    remote.hint(sessionId);
    await expect.poll(texts).toEqual(["hello", "hinted"]);
    expect(calls()).toBe(before);
  });

  it("S24: lets what is too old leave after a pass, and tells its views", async () => {
    const old = newSessionId();
    const started_at = "2020-01-01T09:00:00+00:00";
    remote.put(sessionRow(old, { status: "ended", started_at }));
    remote.setAccess(old, true);
    const sync = start();
    await sync.now();
    const ids = async () =>
      (await cache.read("sessions.list", { limit: 9, before: null })).items.map(({ id }) => id);
    expect(await ids()).toContain(old);
    await cache.write("cache.limit", { maxBytes: 2 ** 32, maxAgeDays: 365 });
    heard = [];
    remote.put(sessionRow(sessionId, { started_at: new Date().toISOString() }));
    await sync.now();
    expect(await ids()).toEqual([sessionId]);
    expect(heard).toContain("session");
  });

  it("S16: tells how far a long first pass is", async () => {
    remote.addSession(
      newSessionId(),
      Array.from({ length: 300 }, (_, at) => `number ${at}`),
    );
    const seen = new Set<number>();
    const sync = start({ pageSize: 50 });
    await expect
      .poll(
        () => {
          const { pulling, asOf } = sync.state();
          if (pulling !== null) seen.add(pulling.rows);
          return asOf !== null && pulling === null;
        },
        { interval: 1 },
      )
      .toBe(true);
    expect(seen.size).toBeGreaterThan(1);
  });

  it("stops in the middle of anything, and the store can be closed", async () => {
    remote.before = () => new Promise((resolve) => setTimeout(resolve, 30));
    const sync = start();
    await new Promise((resolve) => setTimeout(resolve, 10));
    await sync.stop();
    const calls = remote.calls.length;
    await cache.close();
    remote.hint(sessionId);
    await sync.now();
    expect(remote.calls).toHaveLength(calls);
  });
});
