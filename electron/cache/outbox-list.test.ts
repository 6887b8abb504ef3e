import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SessionId } from "#shared/model/ids.ts";
import { getDrafts, saveDraft } from "./drafts.ts";
import { applyPage } from "./feed.ts";
import { markEndRefused, queueEnd, takeNextEnd } from "./outbox-ends.ts";
import { listOutbox } from "./outbox-list.ts";
import { discardMessage, markMessage, queueMessage } from "./outbox-messages.ts";
import { discardEnd, retryEnd } from "./outbox-parked.ts";
import type { OpenStore } from "./store.ts";
import type { Writing } from "./stores.ts";
import {
  accessRow,
  appointmentId,
  makePage,
  makeStore,
  newId,
  newSessionId,
  openHere,
  pass,
  sessionRow,
  type TestStore,
} from "./testing/test-store.ts";

let sessionId: SessionId;
let test: TestStore;
let opened: OpenStore<Writing>;
let db: Writing;

const refuse = (content: string) => {
  const id = newId();
  queueMessage(db, { id, sessionId, content, senderName: "Dr Test" });
  markMessage(db, { id, state: "refused", refusal: "because" });
  return id;
};
const revoke = () => applyPage(db, { page: makePage([accessRow(sessionId, false, 2)]), ...pass });
const items = () => listOutbox(db).items;

beforeEach(() => {
  sessionId = newSessionId();
  test = makeStore();
  opened = openHere(test.options);
  db = opened.store;
  applyPage(db, { page: makePage([sessionRow(sessionId), accessRow(sessionId, true)]), ...pass });
});
afterEach(async () => {
  opened.close();
  await test.remove();
});

describe("what exists only on this machine", () => {
  it("S18: names what was turned down first, why, and its consultation", () => {
    queueMessage(db, { id: newId(), sessionId, content: "waits", senderName: "Dr Test" });
    const id = refuse("turned down");
    expect(items()).toMatchObject([
      {
        kind: "message",
        id,
        content: "turned down",
        state: "refused",
        reason: "because",
        consultation: { appointmentId, type: "chat", status: "active" },
      },
      { content: "waits", state: "queued", reason: null },
    ]);
  });

  it("S18: can be reached and thrown away after access to its session was taken away", () => {
    const id = refuse("words of my own");
    queueEnd(db, { sessionId, durationSeconds: 9, notes: "notes of my own" });
    takeNextEnd(db, {});
    markEndRefused(db, { sessionId, refusal: "because" });
    revoke();
    expect(items()).toMatchObject([
      { kind: "message", id, content: "words of my own", consultation: null },
      { kind: "end", id: sessionId, state: "refused", consultation: null },
    ]);
    discardMessage(db, { id });
    discardEnd(db, { sessionId });
    expect(items()).toEqual([]);
    expect(getDrafts(db, { sessionId })).toEqual({ message: "", notes: "" });
  });

  it("S18: a refused end goes again with its notes as they are now, and once only", () => {
    queueEnd(db, { sessionId, durationSeconds: 9, notes: "first" });
    takeNextEnd(db, {});
    markEndRefused(db, { sessionId, refusal: "because" });
    expect(getDrafts(db, { sessionId }).notes).toBe("first");
    saveDraft(db, { sessionId, field: "notes", text: "better" });
    retryEnd(db, { sessionId });
    expect(getDrafts(db, { sessionId }).notes).toBe("");
    expect(takeNextEnd(db, {})).toMatchObject({ sessionId, notes: "better" });
    expect(() => discardEnd(db, { sessionId })).toThrow("on its way");
    markEndRefused(db, { sessionId, refusal: "again" });
    discardEnd(db, { sessionId });
    // The session can still be seen: its notes stay where their author finds them.
    expect(items()).toMatchObject([{ kind: "notes", id: sessionId, state: "unsaved" }]);
    expect(getDrafts(db, { sessionId }).notes).toBe("better");
    discardEnd(db, { sessionId });
    expect(items()).toEqual([]);
  });

  it("S18: notes that were typed and never saved count; a blank one does not", () => {
    saveDraft(db, { sessionId, field: "notes", text: "  " });
    expect(items()).toEqual([]);
    saveDraft(db, { sessionId, field: "notes", text: "half a thought" });
    expect(items()).toMatchObject([{ kind: "notes", consultation: { appointmentId } }]);
  });
});
