import { type AppointmentItem, isCalledOff } from "#shared/model/appointment.ts";

/** What a day list says of an appointment, in one word and one shape. */
export type AppointmentState = "booked" | "inRoom" | "paused" | "ended";

/** Reads the state from the latest session; an appointment without one is booked. */
export const stateOf = (item: Pick<AppointmentItem, "session">): AppointmentState => {
  switch (item.session?.status) {
    case "active":
      return "inRoom";
    case "paused":
      return "paused";
    case "ended":
      return "ended";
    case undefined:
      return "booked";
  }
};

/** A clinic that gives no length is taken to mean this. */
const USUAL_MINUTES = 20;

/**
 * Picks what a doctor most likely wants to see first: who is in the room, else who is next
 * (or due now), else the last of the day.
 */
export const pickFirst = (items: readonly AppointmentItem[], now: Date): AppointmentItem | null => {
  const inRoom = items.find((one) => stateOf(one) === "inRoom");
  const paused = items.find((one) => stateOf(one) === "paused");
  const next = items.find(
    (one) =>
      stateOf(one) === "booked" &&
      !isCalledOff(one) &&
      Date.parse(one.startsAt) + (one.durationMinutes ?? USUAL_MINUTES) * 60_000 > now.getTime(),
  );
  return inRoom ?? paused ?? next ?? items.at(-1) ?? null;
};
