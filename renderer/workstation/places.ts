import { type Route, START, type Screen } from "./route.ts";

type TodayRoute = Extract<Route, { screen: "today" }>;
type RoomRoute = Extract<Route, { screen: "room" }>;

/** What is kept while somebody looks elsewhere: the day and row that were chosen, and the open room. */
export type Places = {
  today: TodayRoute;
  /** A consultation goes on while the doctor reads the history. */
  room: RoomRoute | null;
  /** Screens that have been opened; they stay as they were left. */
  opened: ReadonlySet<Screen>;
};

const NOTHING_KEPT: Places = {
  today: START,
  room: null,
  opened: new Set(),
};

/** Takes in where the window has gone; the same object when nothing changes by it. */
export const keepPlaces = (places: Places, route: Route): Places => {
  const opened = places.opened.has(route.screen)
    ? places.opened
    : new Set([...places.opened, route.screen]);
  if (route.screen === "today") {
    const same =
      places.today.day === route.day && places.today.appointmentId === route.appointmentId;
    return same && opened === places.opened ? places : { ...places, opened, today: route };
  }
  if (route.screen === "room") {
    const same =
      places.room?.appointmentId === route.appointmentId && places.room.type === route.type;
    return same && opened === places.opened ? places : { ...places, opened, room: route };
  }
  return opened === places.opened ? places : { ...places, opened };
};

/** The places of a window that opens at a route; from a room the way back leads to its appointment. */
export const startPlaces = (route: Route): Places => {
  const start =
    route.screen === "room"
      ? { ...NOTHING_KEPT, today: { ...START, appointmentId: route.appointmentId } }
      : NOTHING_KEPT;
  return keepPlaces(start, route);
};

/** Closes the room; it can be entered again from its appointment. */
export const closeRoom = (places: Places): Places => ({ ...places, room: null });
