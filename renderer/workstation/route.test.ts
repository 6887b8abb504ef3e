import { describe, expect, it } from "vitest";
import { invented } from "#renderer/bridge/invented/clinic.ts";
import { type Route, formatRoute, parseRoute } from "./route.ts";

const appointmentId = invented.appointments.live;

describe("a route", () => {
  it.each<Route>([
    { screen: "today", day: null, appointmentId: null },
    { screen: "today", day: "2026-11-27", appointmentId },
    { screen: "room", appointmentId, type: "chat" },
    { screen: "history" },
  ])("comes back as it went: %o", (route) => {
    expect(parseRoute(formatRoute(route))).toEqual(route);
  });

  it.each([
    "",
    "#",
    "#/nowhere",
    "#/room/1/chat",
    `#/room/${appointmentId}/dance`,
    "#/today?day=x",
  ])("that cannot be read is Today: %s", (hash) => {
    expect(parseRoute(hash)).toEqual({ screen: "today", day: null, appointmentId: null });
  });
});
