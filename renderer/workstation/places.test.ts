import { describe, expect, it } from "vitest";
import { invented } from "#renderer/bridge/invented/clinic.ts";
import { closeRoom, keepPlaces, startPlaces } from "./places.ts";
import type { Route } from "./route.ts";

const appointmentId = invented.appointments.live;
const tomorrow: Route = { screen: "today", day: "2026-11-27", appointmentId };
const room: Route = { screen: "room", appointmentId, type: "chat" };

describe("the places of the window", () => {
  it("keep the day and the row while the room and the history are looked at", () => {
    let places = startPlaces(tomorrow);
    places = keepPlaces(places, room);
    places = keepPlaces(places, { screen: "history" });
    expect(places.today).toEqual(tomorrow);
    expect(places.room).toEqual(room);
    expect(closeRoom(places)).toMatchObject({ room: null, today: tomorrow });
  });

  it("lead from a room that was opened first back to its own appointment", () => {
    expect(startPlaces(room).today).toEqual({ screen: "today", day: null, appointmentId });
  });

  it("stay the same object when nothing changes, so that nothing is drawn again", () => {
    const places = keepPlaces(startPlaces(tomorrow), room);
    expect(keepPlaces(places, { ...room })).toBe(places);
    expect(keepPlaces(places, { ...tomorrow })).toBe(places);
  });
});
