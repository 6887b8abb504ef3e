import { describe, expect, it } from "vitest";
import type { MessageId, SessionId, UserId } from "#shared/model/ids.ts";
import type { Message } from "#shared/model/message.ts";
import { groupMessages } from "./group-messages.ts";

let last = 0;
const said = (
  who: "doctor" | "patient" | "system",
  at: string,
  over: Partial<Message> = {},
): Message => {
  last += 1;
  return {
    id: `m${last}` as MessageId,
    sessionId: "s" as SessionId,
    seq: last,
    senderId: who === "system" ? null : (who as string as UserId),
    senderKind: who,
    senderName: who,
    type: who === "system" ? "system" : "text",
    content: "…",
    fileUrl: null,
    createdAt: at,
    enteredInErrorAt: null,
    delivery: "sent",
    refusal: null,
    ...over,
  };
};
const isOwn = ({ senderKind }: Message) => senderKind === "doctor";
const dayOf = (at: string) => at.slice(0, 10);
const shape = (messages: Message[]) =>
  groupMessages(messages, isOwn, dayOf).map((item) =>
    item.kind === "group"
      ? `${item.senderName}×${item.messages.length}${item.own ? " own" : ""}`
      : item.kind,
  );

describe("groupMessages", () => {
  it("gathers what one sender said within one minute", () => {
    expect(
      shape([
        said("doctor", "2026-11-26T09:00:01Z"),
        said("doctor", "2026-11-26T09:00:59Z"),
        said("doctor", "2026-11-26T09:01:00Z"),
        said("patient", "2026-11-26T09:01:05Z"),
        said("doctor", "2026-11-26T09:01:10Z"),
      ]),
    ).toEqual(["doctor×2 own", "doctor×1 own", "patient×1", "doctor×1 own"]);
  });

  it("tells two people of one side apart", () => {
    expect(
      shape([
        said("patient", "2026-11-26T09:00:01Z"),
        said("patient", "2026-11-26T09:00:02Z", { senderId: "other" as UserId }),
      ]),
    ).toEqual(["patient×1", "patient×1"]);
  });

  it("sets events apart, and begins a new group after them", () => {
    expect(
      shape([
        said("doctor", "2026-11-26T09:00:01Z"),
        said("system", "2026-11-26T09:00:02Z"),
        said("doctor", "2026-11-26T09:00:03Z"),
      ]),
    ).toEqual(["doctor×1 own", "event", "doctor×1 own"]);
  });

  it("says when the day changes, not before the first message", () => {
    expect(
      shape([said("doctor", "2026-11-26T23:59:59Z"), said("doctor", "2026-11-27T00:00:01Z")]),
    ).toEqual(["doctor×1 own", "day", "doctor×1 own"]);
  });

  it("loses and reorders nothing", () => {
    const all = Array.from({ length: 50 }, (_, index) =>
      said(index % 3 ? "doctor" : "patient", `2026-11-26T09:${String(index).padStart(2, "0")}:00Z`),
    );
    const back = groupMessages(all, isOwn, dayOf).flatMap((item) =>
      item.kind === "group" ? item.messages : [],
    );
    expect(back).toEqual(all);
  });
});
