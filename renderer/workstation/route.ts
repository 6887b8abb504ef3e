import { AppointmentId } from "#shared/model/ids.ts";
import { ConsultationType } from "#shared/model/session.ts";
import { calendarDay } from "#shared/model/time.ts";

/** Where the workstation is. Only ids and days, never a name: an address can be seen by others. */
export type Route =
  | {
      screen: "today";
      /** `YYYY-MM-DD`; null is the day that it is. */
      day: string | null;
      appointmentId: AppointmentId | null;
    }
  | { screen: "room"; appointmentId: AppointmentId; type: ConsultationType }
  | { screen: "history" };

export type Screen = Route["screen"];

/** Where the window opens: the day that it is. */
export const START = {
  screen: "today",
  day: null,
  appointmentId: null,
} as const satisfies Route;

/** Writes a route as the hash of an address. */
export const formatRoute = (route: Route): string => {
  if (route.screen === "history") return "#/history";
  if (route.screen === "room") return `#/room/${route.appointmentId}/${route.type}`;
  const query = new URLSearchParams();
  if (route.day !== null) query.set("day", route.day);
  if (route.appointmentId !== null) query.set("appointment", route.appointmentId);
  return query.size === 0 ? "#/today" : `#/today?${query}`;
};

/** Reads a route from the hash of an address; what cannot be read is Today. */
export const parseRoute = (hash: string): Route => {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [screen, ...rest] = path.split("/");
  if (screen === "history") return { screen: "history" };
  if (screen === "room") {
    const appointmentId = AppointmentId.safeParse(rest[0]);
    const type = ConsultationType.safeParse(rest[1]);
    return appointmentId.success && type.success
      ? { screen: "room", appointmentId: appointmentId.data, type: type.data }
      : START;
  }
  const values = new URLSearchParams(query);
  return {
    screen: "today",
    day: calendarDay.safeParse(values.get("day")).data ?? null,
    appointmentId: AppointmentId.safeParse(values.get("appointment")).data ?? null,
  };
};
