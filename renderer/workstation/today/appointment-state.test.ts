import { describe, expect, it } from "vitest";
import { invented } from "#renderer/bridge/invented/clinic.ts";
import type { AppointmentItem } from "#shared/model/appointment.ts";
import { pickFirst, stateOf } from "./appointment-state.ts";

const at = (hours: number, minutes: number) => new Date(2026, 10, 26, hours, minutes);

const item = (
  startsAt: Date,
  status: "active" | "paused" | "ended" | null = null,
): AppointmentItem => ({
  id: invented.appointments.live,
  patientId: invented.patients.amara.id,
  doctorId: invented.doctor.id,
  startsAt: startsAt.toISOString(),
  durationMinutes: null,
  type: "chat",
  status: null,
  reason: null,
  patientName: null,
  doctorName: null,
  session: status === null ? null : { id: invented.sessions.live, status },
  endedSessions: 0,
});

describe("the state of an appointment", () => {
  it("follows its latest session", () => {
    expect(stateOf(item(at(9, 0)))).toBe("booked");
    expect(stateOf(item(at(9, 0), "active"))).toBe("inRoom");
    expect(stateOf(item(at(9, 0), "paused"))).toBe("paused");
    expect(stateOf(item(at(9, 0), "ended"))).toBe("ended");
  });
});

describe("what is picked first", () => {
  const ended = item(at(8, 0), "ended");
  const missed = item(at(8, 20));
  const due = item(at(9, 0));
  const later = item(at(10, 0));

  it("is who is in the room, else who is paused", () => {
    const [paused, live] = [item(at(9, 20), "paused"), item(at(9, 40), "active")];
    expect(pickFirst([due, paused, live], at(9, 7))).toBe(live);
    expect(pickFirst([due, paused, later], at(9, 7))).toBe(paused);
  });
  it("is who is due now or next, not who was missed", () => {
    expect(pickFirst([ended, missed, due, later], at(9, 7))).toBe(due);
    expect(pickFirst([ended, missed, due, later], at(9, 21))).toBe(later);
  });
  it("is not who was called off", () => {
    const off = { ...due, status: "Cancelled by patient" };
    expect(pickFirst([off, later], at(9, 7))).toBe(later);
    expect(
      pickFirst([{ ...off, session: item(at(9, 0), "active").session }, later], at(9, 7))?.id,
    ).toBe(off.id);
  });
  it("is the last one after the day, and nobody on an empty day", () => {
    expect(pickFirst([ended, missed], at(18, 0))).toBe(missed);
    expect(pickFirst([], at(9, 0))).toBeNull();
  });
});
