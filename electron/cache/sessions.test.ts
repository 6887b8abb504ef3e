import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AppointmentId, UserId, type SessionId } from "#shared/model/ids.ts";
import { Message } from "#shared/model/message.ts";
import { SessionSummary } from "#shared/model/session.ts";
import { replaceCalendar } from "./appointments.ts";
import { applyPage } from "./feed.ts";
import { growSession, keepSession } from "./live-session.ts";
import { listMessages } from "./messages.ts";
import { getSession, listSessions, listSessionsForAppointment } from "./sessions.ts";
import type { OpenStore } from "./store.ts";
import type { Writing } from "./stores.ts";
import {
  accessRow,
  appointmentId,
  doctorId,
  makePage,
  makeStore,
  messageRow,
  newSessionId,
  openHere,
  pass,
  patientId,
  sessionRow,
  type TestStore,
} from "./testing/test-store.ts";

const otherPatient = UserId.parse("0190a000-0000-7000-8000-0000000000a2");
const otherAppointment = AppointmentId.parse("0190a000-0000-7000-8000-0000000000b2");
let test: TestStore;
let opened: OpenStore<Writing>;
let db: Writing;
let ids: SessionId[];

const apply = (...rows: Parameters<typeof makePage>[0]) =>
  applyPage(db, { page: makePage(rows), ...pass });

const namesOf = (person: string) =>
  listSessions(db, { limit: 10, before: null, person }).items.map(({ patientName }) => patientName);
const countOf = (day: string): number =>
  listSessions(db, { limit: 10, before: null, day }).items.length;

beforeEach(() => {
  test = makeStore();
  opened = openHere(test.options);
  db = opened.store;
  ids = Array.from({ length: 5 }, newSessionId);
  apply(
    ...ids.map((id, at) =>
      sessionRow(id, {
        // The middle three start in the same millisecond: the id must break the tie.
        started_at: `2026-11-${at === 0 ? "01" : at === 4 ? "20" : "10"}T10:00:00+00:00`,
        status: at === 4 ? "active" : "ended",
        ended_at: at === 4 ? null : "2026-11-10T10:20:00+00:00",
        patient_id: at % 2 === 0 ? patientId : otherPatient,
        appointment_id: at < 3 ? appointmentId : otherAppointment,
      }),
    ),
  );
  replaceCalendar(db, {
    from: "2026-11-01T00:00:00Z",
    to: "2026-11-02T00:00:00Z",
    appointments: [],
    people: [
      { id: patientId, name: "Zoë Åström", role: "patient", dateOfBirth: "1980-02-29" },
      { id: otherPatient, name: "Bo Example", role: "patient", dateOfBirth: null },
      { id: doctorId, name: "Dr Bo Test", role: "doctor", dateOfBirth: null },
    ],
    asOf: pass.serverTime,
  });
});
afterEach(async () => {
  opened.close();
  await test.remove();
});

describe("the list of sessions", () => {
  it("comes newest first, in pages that neither skip nor repeat", () => {
    const seen: string[] = [];
    let before = null;
    let pages = 0;
    do {
      const page = listSessions(db, { limit: 2, before });
      for (const item of page.items) SessionSummary.parse(item);
      seen.push(...page.items.map(({ id }) => id));
      before = page.next;
      pages++;
    } while (before !== null && pages < 10);
    const tied = ids.slice(1, 4).toSorted().toReversed();
    expect(seen).toEqual([ids[4], ...tied, ids[0]]);
    expect(pages).toBe(3);
  });

  it("finds part of the other side's name, in any case and without accents", () => {
    expect(namesOf("astr")).toEqual(["Zoë Åström", "Zoë Åström", "Zoë Åström"]);
    expect(namesOf("BO")).toEqual(["Bo Example", "Bo Example"]);
    expect(namesOf("Dr")).toEqual([]);
    expect(namesOf("%")).toEqual([]);
  });

  it("can be of one day of this machine's time zone", () => {
    const local = new Date("2026-11-10T10:00:00Z").toLocaleDateString("sv");
    expect(countOf(local)).toBe(3);
    expect(countOf("2026-11-15")).toBe(0);
  });

  it("says when it was last confirmed, and null when it never was", async () => {
    expect(listSessions(db, { limit: 1, before: null }).asOf).toBe(pass.serverTime);
    const fresh = makeStore();
    const empty = openHere(fresh.options);
    expect(listSessions(empty.store, { limit: 1, before: null }).asOf).toBeNull();
    empty.close();
    await fresh.remove();
  });

  it("hides a session whose access has run out", () => {
    const [first] = ids;
    const access = accessRow(first ?? newSessionId(), true);
    apply({ ...access, row: { ...access.row, expires_at: "2020-01-01T00:00:00Z" } });
    expect(listSessions(db, { limit: 10, before: null }).items).toHaveLength(4);
  });
});

describe("the sessions of an appointment", () => {
  it("are the live one and the ended ones, oldest first", () => {
    const { live, ended } = listSessionsForAppointment(db, { appointmentId: otherAppointment });
    expect(live?.id).toBe(ids[4]);
    expect(ended.map(({ id }) => id)).toEqual([ids[3]]);
    const past = listSessionsForAppointment(db, { appointmentId });
    expect(past.live).toBeNull();
    expect(past.ended.map(({ startedAt }) => startedAt)).toEqual([
      "2026-11-01T10:00:00.000Z",
      "2026-11-10T10:00:00.000Z",
      "2026-11-10T10:00:00.000Z",
    ]);
  });
});

describe("a session that the server has just answered", () => {
  it("is there before the feed brings it, and the feed replaces it", () => {
    const model = { ...getSession(db, { sessionId: ids[4] ?? newSessionId() }).session };
    const sessionId = newSessionId();
    keepSession(db, { ...model, id: sessionId });
    growSession(db, { sessionId, durationSeconds: 30 });
    growSession(db, { sessionId, durationSeconds: 20 });
    expect(getSession(db, { sessionId }).session.durationSeconds).toBe(30);
    keepSession(db, { ...model, id: sessionId, status: "paused" });
    expect(getSession(db, { sessionId }).session.status).toBe("paused");
    apply(sessionRow(sessionId, { status: "ended", duration_seconds: 41 }));
    expect(getSession(db, { sessionId }).session).toMatchObject({
      status: "ended",
      durationSeconds: 41,
    });
    keepSession(db, { ...model, id: sessionId });
    expect(getSession(db, { sessionId }).session.status).toBe("ended");
  });

  it("that nobody has seen is not found", () => {
    expect(() => getSession(db, { sessionId: newSessionId() })).toThrow(
      expect.objectContaining({ code: "not_found" }),
    );
  });
});

describe("a transcript", () => {
  it("comes in pages of reading order, newest page first", () => {
    const sessionId = ids[4] ?? newSessionId();
    apply(...Array.from({ length: 7 }, (_, at) => messageRow(sessionId, at + 1, `no. ${at + 1}`)));
    apply(messageRow(ids[3] ?? newSessionId(), 1, "of another session"));
    const page = (beforeSeq: number | null) => {
      const { messages, more } = listMessages(db, { sessionId, beforeSeq, limit: 3 });
      for (const message of messages) Message.parse(message);
      return [...messages.map(({ seq }) => seq), more];
    };
    expect(page(null)).toEqual([5, 6, 7, true]);
    expect(page(5)).toEqual([2, 3, 4, true]);
    expect(page(2)).toEqual([1, false]);
    expect(page(1)).toEqual([false]);
  });
});
