// @vitest-environment jsdom
import { act, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FaultCode } from "#shared/contract/fault.ts";
import { invented } from "#renderer/bridge/invented/clinic.ts";
import { en } from "#renderer/i18n/en.ts";
import { openRoom } from "./testing/open-room.tsx";
import { beginTest, callsOf, endTest } from "./testing/render-over.tsx";

beforeEach(beginTest);
afterEach(endTest);

const { live } = invented.sessions;

const settle = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

/** The seconds that the clock of the header shows. */
const shownSeconds = () =>
  screen
    .getByRole("timer")
    .textContent!.split(":")
    .reduce((sum, part) => sum * 60 + Number(part), 0);

describe("the heartbeat", () => {
  it("beats at once and every 15 s while the consultation is active, and shows the time", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: false });
    const { control, shown } = openRoom();
    await settle(500);
    const beats = () => callsOf(control, "session.touch").length;
    expect(beats()).toBe(1);
    const first = shownSeconds();
    await settle(5_000);
    expect(shownSeconds() - first).toBeGreaterThanOrEqual(4);
    expect(shownSeconds() - first).toBeLessThanOrEqual(6);
    await settle(25_000);
    expect(beats()).toBe(3);
    act(() => control.setStatus(live, "paused"));
    await settle(60_000);
    expect(beats()).toBe(3);
    shown.unmount();
    await settle(60_000);
    expect(beats()).toBe(3);
  });
});

describe("what can go wrong", () => {
  it.each(FaultCode.options)("says %s in plain words with the next step", async (code) => {
    openRoom({ clinic: "empty", before: (control) => control.fail("session.start", code) });
    expect(await screen.findByText(en.faults[code].title)).toBeTruthy();
    expect(screen.getByText(en.faults[code].next)).toBeTruthy();
    expect(screen.getByText("Reference test-ref")).toBeTruthy();
  });

  it("shows a consultation that is known here though it cannot be reached", async () => {
    const { control } = openRoom({
      connection: "offline",
      before: (world) => world.fail("session.start", "offline"),
    });
    const first = control.clinic.messages.find(({ sessionId }) => sessionId === live)!;
    expect(await screen.findByText(first.content)).toBeTruthy();
    expect(screen.queryByText(en.faults.offline.title)).toBeNull();
  });

  it("starts by itself when the connection is back", async () => {
    const { control } = openRoom({
      appointmentId: invented.appointments.booked,
      connection: "offline",
      before: (world) => world.fail("session.start", "offline"),
    });
    expect(await screen.findByText(en.room.cannotStartOffline)).toBeTruthy();
    control.heal("session.start");
    act(() => control.setConnection("online"));
    expect(await screen.findByText(en.room.emptyTitle)).toBeTruthy();
  });

  it("never shows a transcript that could not be read as an empty one", async () => {
    const { control, user } = openRoom({
      before: (world) => world.fail("messages.list", "cache_corrupt"),
    });
    expect(await screen.findByText(en.faults.cache_corrupt.title)).toBeTruthy();
    expect(screen.queryByText(en.room.emptyTitle)).toBeNull();
    control.heal("messages.list");
    await user.click(screen.getByRole("button", { name: en.common.retry }));
    const first = control.clinic.messages.find(({ sessionId }) => sessionId === live)!;
    expect(await screen.findByText(first.content)).toBeTruthy();
  });
});
