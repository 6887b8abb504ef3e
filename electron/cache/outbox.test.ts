import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MessageId } from "#shared/model/ids.ts";
import type { Message } from "#shared/model/message.ts";
import { getAppointment, listAppointments, replaceCalendar } from "./appointments.ts";
import { toCacheError } from "./cache-error.ts";
import { statement } from "./database.ts";
import { getDrafts, saveDraft } from "./drafts.ts";
import { applyPage } from "./feed.ts";
import { listMessages } from "./messages.ts";
import { dropEnd, markEndRefused, markEndSent, queueEnd, takeNextEnd } from "./outbox-ends.ts";
import {
  countOutbox,
  discardMessage,
  listQueuedMessages,
  markMessage,
  markMessageSent,
  queueMessage,
  retryMessage,
  takeNextMessage,
} from "./outbox-messages.ts";
import { getSession } from "./sessions.ts";
import type { OpenStore } from "./store.ts";
import type { Writing } from "./stores.ts";
import {
  appointmentId,
  doctorId,
  makePage,
  makeStore,
  messageRow,
  newId,
  newSessionId,
  openHere,
  pass,
  patientId,
  sessionRow,
  type TestStore,
} from "./testing/test-store.ts";

const sessionId = newSessionId();
let test: TestStore;
let opened: OpenStore<Writing>;
let db: Writing;

const queue = (content: string, id: MessageId = newId()): Message =>
  queueMessage(db, { id, sessionId, content, senderName: "Dr Test" });
const shown = () =>
  listMessages(db, { sessionId, beforeSeq: null, limit: 100 }).messages.map(
    ({ content, delivery }) => `${content}: ${delivery}`,
  );
const session = () => getSession(db, { sessionId }).session;
const sent = {
  seq: 1,
  rev: 1,
  senderKind: "doctor",
  senderName: "Dr T",
  createdAt: "2026-11-20T10:00:00Z",
} as const;

beforeEach(() => {
  test = makeStore();
  opened = openHere(test.options);
  db = opened.store;
  applyPage(db, { page: makePage([sessionRow(sessionId)]), ...pass });
});
afterEach(async () => {
  opened.close();
  await test.remove();
});

describe("messages in the outbox", () => {
  it("S9: the outbox is synced to the disk with each commit, the cache is not", () => {
    const synchronous = (file: "cache" | "outbox") =>
      db[file].pragma("synchronous", { simple: true });
    expect([synchronous("outbox"), synchronous("cache")]).toEqual([2, 1]);
    expect(db.outbox.pragma("journal_mode", { simple: true })).toBe("wal");
  });

  it("S9: are refused, not lost in silence, when the disk is full", () => {
    const pages = Number(db.outbox.pragma("page_count", { simple: true }));
    db.outbox.pragma(`max_page_count = ${pages + 1}`);
    const fill = () => {
      for (let at = 0; at < 50; at++) queue("x".repeat(1_000));
    };
    expect(fill).toThrow(expect.objectContaining({ code: "SQLITE_FULL" }));
    const full = Object.assign(new Error("full"), { code: "SQLITE_FULL" });
    expect(toCacheError(full, "outbox")).toMatchObject({ code: "disk_full" });
  });

  it("S10: are taken oldest first; a parked one is passed over and goes to the end when retried", () => {
    const [first, second] = [queue("first"), queue("second")];
    expect(takeNextMessage(db, {})).toMatchObject({ id: first.id, delivery: "sending" });
    markMessage(db, { id: first.id, state: "refused", refusal: "because" });
    expect(takeNextMessage(db, {})?.id).toBe(second.id);
    expect(shown()).toEqual(["first: refused", "second: sending"]);
    expect(countOutbox(db)).toEqual({ queued: 1, refused: 1 });
    const retried = retryMessage(db, { id: first.id, content: "first, mended" });
    expect(retried).toMatchObject({ content: "first, mended", delivery: "queued", refusal: null });
    expect(shown()).toEqual(["second: sending", "first, mended: queued"]);
    expect(queue("third").delivery).toBe("queued");
    expect(shown().at(-1)).toBe("third: queued");
  });

  it("S11: the same id twice is one message", () => {
    const { id } = queue("once");
    expect(queue("once", id).id).toBe(id);
    expect(shown()).toEqual(["once: queued"]);
  });

  it("S11: a crash between the cache and the outbox shows the message once", () => {
    const { id } = queue("once");
    // What is left when the process dies after the first of the two steps.
    applyPage(db, { page: makePage([messageRow(sessionId, 1, "once", { id })]), ...pass });
    expect(listQueuedMessages(db.outbox, sessionId)).toHaveLength(1);
    expect(shown()).toEqual(["once: sent"]);
    markMessageSent(db, { id, sent });
    expect(listQueuedMessages(db.outbox, sessionId)).toEqual([]);
    expect(shown()).toEqual(["once: sent"]);
  });

  it("S11: what was on its way when the process died waits again", () => {
    queue("on its way");
    takeNextMessage(db, {});
    opened.close();
    opened = openHere(test.options);
    db = opened.store;
    expect(shown()).toEqual(["on its way: queued"]);
  });

  it("S12: a row of another author is never taken", () => {
    const { id } = queue("planted");
    statement(db.outbox, "update messages set user_id = ? where id = ?").run(patientId, id);
    expect(takeNextMessage(db, {})).toBeNull();
  });

  it("are refused for a session that is unknown, or has ended", () => {
    const message = { id: newId(), sessionId: newSessionId(), content: "x", senderName: "Dr" };
    expect(() => queueMessage(db, message)).toThrow(expect.objectContaining({ code: "not_found" }));
    queueEnd(db, { sessionId, durationSeconds: 60 });
    expect(() => queue("too late")).toThrow(expect.objectContaining({ code: "already_ended" }));
  });

  it("can be thrown away, but not while they are on their way", () => {
    const { id } = queue("never mind");
    takeNextMessage(db, {});
    expect(() => discardMessage(db, { id })).toThrow(
      expect.objectContaining({ code: "on_its_way" }),
    );
    markMessage(db, { id, state: "queued", refusal: null });
    discardMessage(db, { id });
    expect(shown()).toEqual([]);
    expect(() => discardMessage(db, { id })).toThrow(
      expect.objectContaining({ code: "not_found" }),
    );
  });
});

describe("the end of a session in the outbox", () => {
  it("shows as made, and wins over a session that the server still has as live", () => {
    queueEnd(db, { sessionId, durationSeconds: 125, notes: "Rest and tea" });
    expect(session()).toMatchObject({
      status: "ended",
      endQueued: true,
      durationSeconds: 125,
      notes: "Rest and tea",
    });
    queueEnd(db, { sessionId, durationSeconds: 126 });
    expect(session()).toMatchObject({ notes: "Rest and tea", durationSeconds: 126 });
    takeNextEnd(db, {});
    markEndSent(db, { sessionId });
    expect(session()).toMatchObject({ status: "ended", endQueued: false, notes: "Rest and tea" });
    expect(countOutbox(db)).toEqual({ queued: 0, refused: 0 });
  });

  it("that is made anew while the former is on its way keeps its notes and goes too", () => {
    queueEnd(db, { sessionId, durationSeconds: 60, notes: "first" });
    takeNextEnd(db, {});
    queueEnd(db, { sessionId, durationSeconds: 60, notes: "better" });
    markEndSent(db, { sessionId });
    expect(takeNextEnd(db, {})).toMatchObject({ sessionId, notes: "better" });
  });

  it("S10: waits for the session's messages, but not for a parked one", () => {
    const { id } = queue("last words");
    queueEnd(db, { sessionId, durationSeconds: 60 });
    expect(takeNextEnd(db, {})).toBeNull();
    markMessage(db, { id, state: "refused", refusal: "because" });
    expect(takeNextEnd(db, {})).toMatchObject({ sessionId, durationSeconds: 60, notes: null });
  });

  it("gives its notes back when it is refused, and never over newer ones", () => {
    queueEnd(db, { sessionId, durationSeconds: 60, notes: "kept" });
    takeNextEnd(db, {});
    markEndRefused(db, { sessionId, refusal: "because" });
    expect(session()).toMatchObject({ status: "active", endQueued: false });
    expect(countOutbox(db)).toEqual({ queued: 0, refused: 1 });
    expect(getDrafts(db, { sessionId }).notes).toBe("kept");
    saveDraft(db, { sessionId, field: "notes", text: "newer" });
    queueEnd(db, { sessionId, durationSeconds: 60, notes: "kept" });
    takeNextEnd(db, {});
    dropEnd(db, { sessionId });
    expect(getDrafts(db, { sessionId }).notes).toBe("newer");
    expect(countOutbox(db)).toEqual({ queued: 0, refused: 0 });
  });

  it("shows in the day list", () => {
    const appointment = {
      id: appointmentId,
      patientId,
      doctorId,
      startsAt: "2026-11-20T09:00:00+00:00",
      durationMinutes: 15,
      type: "chat" as const,
      status: "booked",
      reason: null,
    };
    const window = { from: "2026-11-20T00:00:00Z", to: "2026-11-21T00:00:00Z" };
    const people = [
      { id: patientId, name: "Ada Example", role: "patient" as const, dateOfBirth: null },
    ];
    replaceCalendar(db, { ...window, appointments: [appointment], people, asOf: pass.serverTime });
    const [item] = listAppointments(db, window).items;
    expect(item).toMatchObject({
      startsAt: "2026-11-20T09:00:00.000Z",
      patientName: "Ada Example",
      doctorName: null,
      session: { id: sessionId, status: "active" },
      endedSessions: 0,
    });
    queueEnd(db, { sessionId, durationSeconds: 60 });
    const { item: ended, patient } = getAppointment(db, { appointmentId });
    expect(ended).toMatchObject({ session: { status: "ended" }, endedSessions: 1 });
    expect(patient?.name).toBe("Ada Example");
    replaceCalendar(db, { ...window, appointments: [], people: [], asOf: pass.serverTime });
    expect(listAppointments(db, window).items).toEqual([]);
  });
});

describe("a process that is killed", () => {
  it("S9: has lost no message that it was told is queued, in any of five rounds", async () => {
    opened.close();
    const child = fileURLToPath(new URL("./testing/queue-until-killed.ts", import.meta.url));
    const acknowledged: string[] = [];
    for (let round = 0; round < 5; round++) {
      const { folder, key } = test.options;
      const args = [child, folder, Buffer.from(key).toString("hex"), sessionId];
      const writer = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
      const atLeast = acknowledged.length + 20 + round * 7;
      for await (const line of createInterface({ input: writer.stdout })) {
        acknowledged.push(line);
        if (acknowledged.length >= atLeast) break;
      }
      writer.kill("SIGKILL");
      await once(writer, "exit");
    }
    opened = openHere(test.options);
    db = opened.store;
    const kept = new Set(listQueuedMessages(db.outbox, sessionId).map(({ id }) => String(id)));
    expect(acknowledged.length).toBeGreaterThan(150);
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
  });
});
