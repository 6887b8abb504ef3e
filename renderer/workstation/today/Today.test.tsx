// @vitest-environment jsdom
import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { invented } from "#renderer/bridge/invented/clinic.ts";
import { NOW, renderWorkstation } from "../testing/render-workstation.tsx";
import { formatRoute } from "../route.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const { appointments, patients } = invented;
const at = (appointmentId: (typeof appointments)[keyof typeof appointments]) =>
  formatRoute({ screen: "today", day: null, appointmentId });

const list = () => screen.findByRole("listbox", { name: "Appointments" });
const rows = async () => within(await list()).getAllByRole("option");
const panel = () => screen.getByRole("region", { name: "Appointment" });

describe("the day list", () => {
  it("shows time, patient, type and state of each, and picks who is in the room", async () => {
    renderWorkstation();
    const texts = (await rows()).map((row) => row.textContent);
    expect(texts).toHaveLength(9);
    expect(texts[0]).toMatch(/08:20.*Søren Ågård.*ended.*Chat · Cough, one week/);
    expect(texts[2]).toMatch(/09:00.*Amara Okafor.*in the room/);
    expect(texts[3]).toMatch(/09:20.*María de la Concepción.*paused/);
    expect(texts[6]).toMatch(/10:30.*João Batista da Silva.*booked.*Audio/);
    expect(await within(panel()).findByRole("heading", { name: patients.amara.name })).toBeTruthy();
    expect((await rows())[2]?.getAttribute("aria-selected")).toBe("true");
  });

  it("follows the arrows, and Enter leads to the appointment without starting it", async () => {
    const { user, control } = renderWorkstation();
    await user.click((await rows())[4] as HTMLElement);
    expect(await within(panel()).findByRole("heading", { name: "陈美玲" })).toBeTruthy();
    await user.keyboard("{ArrowDown}");
    expect(await within(panel()).findByRole("heading", { name: "Priya Raghunathan" })).toBeTruthy();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(panel().contains(document.activeElement)).toBe(true));
    expect(control.calls.some((call) => call.name === "session.start")).toBe(false);
  });

  it("goes to the days around and back to today", async () => {
    const { user } = renderWorkstation();
    await list();
    await user.click(screen.getByRole("button", { name: "Next day" }));
    expect(await screen.findByText("Tomorrow")).toBeTruthy();
    await waitFor(async () => expect(await rows()).toHaveLength(2));
    await user.click(screen.getByRole("button", { name: "Next day" }));
    expect(await screen.findByText("No appointments on this day")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Today" }));
    await waitFor(async () => expect(await rows()).toHaveLength(9));
    expect(window.location.hash).toContain(appointments.live);
    await user.click(screen.getByRole("button", { name: "Previous day" }));
    expect(await screen.findByText("Yesterday")).toBeTruthy();
  });

  it("changes by itself when a consultation is paused or ended elsewhere", async () => {
    const { control } = renderWorkstation();
    await list();
    control.setStatus(invented.sessions.live, "ended");
    await waitFor(async () => expect((await rows())[2]?.textContent).toContain("ended"));
  });

  it("tells an empty day from one that was never fetched", async () => {
    renderWorkstation({ clinic: "empty" });
    expect(await screen.findByText("No appointments on this day")).toBeTruthy();
    cleanup();
    renderWorkstation({
      clinic: "empty",
      connection: "offline",
      prepare: (control) => control.setAsOf(null),
    });
    expect(await screen.findByText("This day is not on this computer yet")).toBeTruthy();
    expect(screen.queryByText("No appointments on this day")).toBeNull();
  });

  it("says why when it cannot be read, never an empty list, and tries again", async () => {
    const { user, control } = renderWorkstation({
      prepare: (prepared) => prepared.fail("appointments.list", "cache_corrupt"),
    });
    expect(await screen.findByText("The copy on this computer is damaged")).toBeTruthy();
    expect(screen.getByText("Reference test-ref")).toBeTruthy();
    expect(screen.queryByText("No appointments on this day")).toBeNull();
    control.heal("appointments.list");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await rows()).toHaveLength(9);
  });

  it("stays readable offline and says as of when", async () => {
    const { control } = renderWorkstation();
    await list();
    control.setConnection("offline");
    expect(await screen.findByText(/^As of 09:07/)).toBeTruthy();
    expect(await rows()).toHaveLength(9);
  });

  it("says what Join will do: begin, go back in, or begin anew; beginning needs the connection", async () => {
    const { user, control } = renderWorkstation();
    const choose = async (row: number) => user.click((await rows())[row] as HTMLElement);
    await list();
    expect(await within(panel()).findByText(/^This consultation is open/)).toBeTruthy();
    await choose(4);
    expect(await within(panel()).findByText(/^Opens the room and starts/)).toBeTruthy();
    await choose(7);
    expect(await within(panel()).findByText(/^The calendar says/)).toBeTruthy();
    await choose(0);
    expect(await within(panel()).findByText(/^This consultation has ended/)).toBeTruthy();
    control.setConnection("offline");
    expect(await within(panel()).findByText(/^A new consultation needs/)).toBeTruthy();
    await choose(2);
    expect(await within(panel()).findByText(/^This consultation is open/)).toBeTruthy();
  });
});

describe("the patient's panel", () => {
  it("shows age, times, reason, and the notes of the last visit", async () => {
    renderWorkstation({ place: at(appointments.live) });
    await screen.findByRole("heading", { name: patients.amara.name });
    const shown = within(panel());
    expect(shown.getByText("47 years · born 14 Mar 1979")).toBeTruthy();
    expect(shown.getByText("09:00–09:20")).toBeTruthy();
    expect(shown.getByText("Blood pressure, six-week control")).toBeTruthy();
    expect(await shown.findByText(/Ramipril raised to 5 mg/)).toBeTruthy();
  });

  it("says how far away the next one is", async () => {
    renderWorkstation({ place: at(appointments.booked) });
    expect(await screen.findByText("20 min · in 33 minutes")).toBeTruthy();
  });

  it("says so when the appointment is gone", async () => {
    renderWorkstation({
      place: "#/today?appointment=0198c0de-0002-7000-8000-999999999999",
    });
    expect(await screen.findByText("This appointment is no longer here")).toBeTruthy();
  });
});
