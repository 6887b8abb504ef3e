import { describe, expect, it, vi } from "vitest";
import type { MessageId, SessionId, UserId } from "#shared/model/ids.ts";
import type { Message } from "#shared/model/message.ts";
import {
  renewTranscript,
  withMessage,
  withOlderPage,
  withoutMessage,
  type ReadPage,
  type Transcript,
} from "./transcript-store.ts";

const message = (seq: number | null, over: Partial<Message> = {}): Message => ({
  id: `m${seq ?? "new"}` as MessageId,
  sessionId: "s" as SessionId,
  seq,
  senderId: "u" as UserId,
  senderKind: "doctor",
  senderName: "Dr Lee",
  type: "text",
  content: `text ${seq}`,
  fileUrl: null,
  createdAt: "2026-11-26T09:00:00Z",
  enteredInErrorAt: null,
  delivery: seq === null ? "queued" : "sent",
  refusal: null,
  ...over,
});

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => message(from + index));

/** A server that gives pages of `size`, and counts how often it is asked. */
const server = (all: Message[], size: number) =>
  vi.fn<ReadPage>(async (beforeSeq) => {
    const numbered = all.filter(
      ({ seq }) => seq !== null && (beforeSeq === null || seq < beforeSeq),
    );
    const page = numbered.slice(-size);
    const queued = beforeSeq === null ? all.filter(({ seq }) => seq === null) : [];
    return { messages: [...page, ...queued], more: page.length < numbered.length, asOf: null };
  });

const seqs = ({ messages }: Transcript) => messages.map(({ seq }) => seq);
const held = (messages: Message[], more = false): Transcript => ({ messages, more, asOf: null });

describe("renewTranscript", () => {
  it("starts with the newest page", async () => {
    const first = await renewTranscript(server(range(1, 10), 4), () => undefined);
    expect(seqs(first)).toEqual([7, 8, 9, 10]);
    expect(first.more).toBe(true);
  });

  it("costs one page for a new message, however much is held", async () => {
    const read = server(range(1, 11), 4);
    const next = await renewTranscript(read, () => held(range(1, 10)));
    expect(read).toHaveBeenCalledOnce();
    expect(seqs(next)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(next.more).toBe(false);
  });

  it("fills the gap when more came in than a page holds", async () => {
    const next = await renewTranscript(server(range(1, 20), 4), () => held(range(3, 6), true));
    expect(seqs(next)).toEqual(range(3, 20).map(({ seq }) => seq));
    expect(next.more).toBe(true);
  });

  it("reads again what it holds when the newest page is as before", async () => {
    const changed = range(1, 10).with(1, message(2, { enteredInErrorAt: "2026-11-26T10:00:00Z" }));
    const next = await renewTranscript(server(changed, 4), () => held(range(1, 10)));
    expect(next.messages[1]!.enteredInErrorAt).not.toBeNull();
    expect(next.messages).toHaveLength(10);
  });

  it("drops a queued message that the server has numbered", async () => {
    const queued = message(null, { id: "m3" as MessageId });
    const next = await renewTranscript(server(range(1, 3), 4), () =>
      held([...range(1, 2), queued]),
    );
    expect(next.messages.map(({ id }) => id)).toEqual(["m1", "m2", "m3"]);
  });

  it("keeps an older page that came in while it was reading", async () => {
    let now = held(range(5, 8), true);
    const read = server(range(1, 9), 4);
    const renewing = renewTranscript(read, () => now);
    now = withOlderPage(now, { messages: range(1, 4), more: false, asOf: null });
    const next = await renewing;
    expect(seqs(next)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(next.more).toBe(false);
  });

  it("shows nothing of a transcript that is gone", async () => {
    const next = await renewTranscript(server([], 4), () => held(range(1, 3)));
    expect(next.messages).toEqual([]);
  });
});

describe("one message", () => {
  it("appears at once, and once", () => {
    const one = withMessage(held(range(1, 2)), message(null));
    expect(seqs(one)).toEqual([1, 2, null]);
    expect(seqs(withMessage(one, message(null, { delivery: "refused" })))).toEqual([1, 2, null]);
  });

  it("is not put back into the queue by a late reply", () => {
    const late = message(null, { id: "m2" as MessageId });
    expect(seqs(withMessage(held(range(1, 2)), late))).toEqual([1, 2]);
  });

  it("can be thrown away only while it has no number", () => {
    expect(seqs(withoutMessage(held([...range(1, 2), message(null)]), "mnew"))).toEqual([1, 2]);
    expect(seqs(withoutMessage(held(range(1, 2)), "m2"))).toEqual([1, 2]);
  });
});
