import { afterEach, describe, expect, it } from "vitest";
import {
  makePage,
  makeStore,
  messageRow,
  newId,
  newSessionId,
  pass,
  sessionRow,
  type TestStore,
} from "./testing/test-store.ts";

let test: TestStore;
afterEach(() => test.remove());

const bigPage = (sessionId = newSessionId()) =>
  makePage([
    sessionRow(sessionId),
    ...Array.from({ length: 2_000 }, (_, at) => messageRow(sessionId, at + 1, `number ${at}`)),
  ]);

describe("calls of the store", () => {
  it("are cancelled while they wait, and those behind them still come", async () => {
    test = makeStore();
    const cache = await test.open();
    const cancel = new AbortController();
    const sessions = { limit: 10, before: null };
    const first = cache.read("sessions.list", sessions);
    const second = cache.read("sessions.list", sessions, cancel.signal);
    const third = cache.read("sessions.list", sessions);
    cancel.abort();
    await expect(second).rejects.toMatchObject({ code: "cancelled" });
    expect((await first).items).toEqual([]);
    expect((await third).items).toEqual([]);
    await expect(cache.read("sessions.list", sessions, AbortSignal.abort())).rejects.toMatchObject({
      code: "cancelled",
    });
  });

  it("of a person overtake the pages of a pull", async () => {
    test = makeStore();
    const cache = await test.open();
    const order: string[] = [];
    const pages = [1, 2, 3].map(async (at) => {
      await cache.write("feed.applyPage", { page: bigPage(), ...pass });
      order.push(`page ${at}`);
    });
    const draft = { sessionId: newSessionId(), field: "notes", text: "typed" } as const;
    const person = cache.write("draft.save", draft).then(() => order.push("draft"));
    await Promise.all([...pages, person]);
    expect(order).toEqual(["page 1", "draft", "page 2", "page 3"]);
  });

  it("are all answered before the store closes, and none after", async () => {
    test = makeStore();
    const cache = await test.open();
    const sessionId = newSessionId();
    await cache.write("feed.applyPage", { page: makePage([sessionRow(sessionId)]), ...pass });
    const waiting = [1, 2].map(() =>
      cache.write("feed.applyPage", { page: bigPage(), ...pass }).then(({ rows }) => rows),
    );
    const message = { id: newId(), sessionId, content: "unsent", senderName: "Dr Test" };
    const queued = cache.write("message.queue", message);
    const closing = cache.close();
    expect((await queued).delivery).toBe("queued");
    expect(await Promise.all(waiting)).toEqual([2_001, 2_001]);
    await closing;
    await expect(cache.read("feed.state", {})).rejects.toMatchObject({ code: "closed" });
    await cache.close();
  });

  it("do not fail with the whole store when one of them is a bug", async () => {
    test = makeStore();
    const cache = await test.open();
    const page = { columns: {}, rows: "not rows" };
    const broken = cache.write("feed.applyPage", { page, ...pass });
    await expect(broken).rejects.toMatchObject({ code: "unexpected" });
    expect(await cache.read("feed.state", {})).toMatchObject({ cursor: null });
  });

  it("quote no patient in an error", async () => {
    test = makeStore();
    const cache = await test.open();
    const sessionId = newSessionId();
    const row = messageRow(sessionId, 1, "sore throat", {
      rev: "sore throat",
      created_at: "sore throat",
    });
    const broken = cache.write("feed.applyPage", { page: makePage([row]), ...pass });
    const error: unknown = await broken.catch((caught: unknown) => caught);
    expect(String(error)).not.toContain("sore throat");
    expect(error).toMatchObject({ name: "CacheError" });
  });
});
