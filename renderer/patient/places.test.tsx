// @vitest-environment jsdom
import { act, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { invented } from "#renderer/bridge/invented/clinic.ts";
import {
  beginTest,
  callsOf,
  endTest,
  renderOver,
} from "#renderer/components/consultation/testing/render-over.tsx";
import { en } from "#renderer/i18n/en.ts";
import { Words } from "#renderer/i18n/Words.tsx";
import { Places } from "./Places.tsx";

const { live: appointmentId } = invented.appointments;
const { live: sessionId } = invented.sessions;
const person = invented.patients.amara;
const clinic = { clinicName: "Ours", clinicPhone: null, emergencyNumber: null };

/** The room's own part of the page is fetched when it is asked for. */
const SOON = { timeout: 10_000 };

/** Loads the page at an address, as a reload or a phone that comes back to its tab does. */
const load = (status: "active" | "ended") =>
  renderOver(
    <Words>
      <Places person={person} {...clinic} />
    </Words>,
    { viewer: person, before: (control) => control.setStatus(sessionId, status) },
  );

beforeEach(() => {
  beginTest();
  location.hash = `#/room/${appointmentId}`;
});
afterEach(() => {
  endTest();
  location.hash = "";
});

describe("a page that is loaded again in the room", () => {
  it("comes back to a consultation that goes on, and stays when it ends", async () => {
    const { control } = load("active");
    await screen.findByRole("textbox", { name: en.room.write }, SOON);
    act(() => control.setStatus(sessionId, "ended"));
    expect(await screen.findByText(en.room.endedPatient, {}, SOON)).toBeTruthy();
    expect(callsOf(control, "session.start")).toHaveLength(1);
  });

  it("begins no new consultation where the last one is over; the button does", async () => {
    const { control, user } = load("ended");
    const join = await screen.findAllByRole(
      "button",
      { name: new RegExp(en.patient.home.join) },
      SOON,
    );
    expect(callsOf(control, "session.start")).toEqual([]);
    expect(location.hash).toBe("#/home");
    await user.click(join[0]!);
    await screen.findByRole("textbox", { name: en.room.write }, SOON);
    expect(callsOf(control, "session.start")).toHaveLength(1);
  });
});
