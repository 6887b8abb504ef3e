import { afterEach, describe, expect, it } from "vitest";
import {
  accessRow,
  makePage,
  makeStore,
  messageRow,
  newId,
  newSessionId,
  sessionRow,
  type TestStore,
} from "./testing/test-store.ts";

const snapshot = "800:800:";
const serverTime = "2026-11-20T10:00:00.000Z";
let store: TestStore;

afterEach(() => store.remove());

describe("a user's local store", () => {
  it("shows what the feed brought, and queued messages after the numbered ones", async () => {
    store = makeStore();
    const cache = await store.open();
    const sessionId = newSessionId();
    const page = makePage([
      accessRow(sessionId, true),
      messageRow(sessionId, 1, "Good morning"),
      messageRow(sessionId, 2, "I have a headache"),
      sessionRow(sessionId, { last_seq: 2 }),
    ]);
    const applied = await cache.write("feed.applyPage", { page, snapshot, serverTime });
    expect(applied.rows).toBe(4);
    const sent = await cache.write("message.queue", {
      id: newId(),
      sessionId,
      content: "Since when?",
      senderName: "Dr Test",
    });
    expect(sent).toMatchObject({ delivery: "queued", seq: null, senderKind: "doctor" });
    const { messages, more, asOf } = await cache.read("messages.list", {
      sessionId,
      beforeSeq: null,
      limit: 50,
    });
    expect(messages.map((message) => [message.seq, message.content])).toEqual([
      [1, "Good morning"],
      [2, "I have a headache"],
      [null, "Since when?"],
    ]);
    expect(more).toBe(false);
    expect(asOf).toBe(serverTime);
    expect(await cache.read("outbox.count", {})).toEqual({ queued: 1, refused: 0 });
  });

  it("keeps everything over a restart", async () => {
    store = makeStore();
    const sessionId = newSessionId();
    const first = await store.open();
    const page = makePage([sessionRow(sessionId), messageRow(sessionId, 1, "Good morning")]);
    await first.write("feed.applyPage", { page, snapshot, serverTime });
    await first.write("draft.save", { sessionId, field: "notes", text: "Half a thought" });
    await first.close();
    const second = await store.open();
    const { items } = await second.read("sessions.list", { limit: 10, before: null });
    expect(items.map(({ id }) => id)).toEqual([sessionId]);
    expect(await second.read("drafts.get", { sessionId })).toEqual({
      message: "",
      notes: "Half a thought",
    });
    expect(await second.read("feed.state", {})).toMatchObject({ cursor: snapshot, pass: null });
  });
});
