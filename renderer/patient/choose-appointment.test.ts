import { describe, expect, it } from "vitest";
import { AppointmentItem } from "#shared/model/appointment.ts";
import { chooseAppointment } from "./choose-appointment.ts";

const now = Date.parse("2026-11-22T09:00:00Z");
const person = "00000000-0000-4000-8000-000000000001";
let made = 0;

const booked = (startsInMinutes: number, more: Partial<AppointmentItem> = {}): AppointmentItem => {
  made += 1;
  return AppointmentItem.parse({
    id: `00000000-0000-4000-8000-${String(made).padStart(12, "0")}`,
    patientId: person,
    doctorId: person,
    startsAt: new Date(now + startsInMinutes * 60_000).toISOString(),
    durationMinutes: 20,
    type: "chat",
    status: "booked",
    reason: null,
    patientName: null,
    doctorName: null,
    session: null,
    endedSessions: 0,
    ...more,
  });
};

const live = (id: string, status: "active" | "paused" | "ended" = "active") =>
  ({ session: AppointmentItem.shape.session.parse({ id, status }) }) as Partial<AppointmentItem>;

describe("chooseAppointment", () => {
  it("takes the earliest that is not over", () => {
    const [gone, soon, tomorrow] = [booked(-120), booked(5), booked(1_440)];
    const { next, later } = chooseAppointment([tomorrow!, gone!, soon!], now);
    expect(next).toBe(soon);
    expect(later).toEqual([tomorrow]);
  });

  it("puts one that is going on before all others, however late it is", () => {
    const [running, soon] = [booked(-300, live(person)), booked(5)];
    expect(chooseAppointment([soon!, running!], now).next).toBe(running);
  });

  it("lets a patient who is late still come in", () => {
    const late = booked(-70);
    expect(chooseAppointment([late], now).next).toBe(late);
    expect(chooseAppointment([booked(-81)], now).next).toBeNull();
  });

  it("keeps one that was held within reach, after what is still to come", () => {
    const held = booked(-10, { ...live(person, "ended"), endedSessions: 1 });
    const soon = booked(30);
    expect(chooseAppointment([held, soon], now)).toEqual({ next: soon, later: [held] });
    expect(chooseAppointment([held], now).next).toBe(held);
  });

  it("leaves out what the clinic has called off, unless somebody is in it", () => {
    expect(chooseAppointment([booked(5, { status: "Cancelled by clinic" })], now).next).toBeNull();
    const inUse = booked(5, { status: "cancelled", ...live(person) });
    expect(chooseAppointment([inUse], now).next).toBe(inUse);
  });
});
