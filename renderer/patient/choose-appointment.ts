import { type AppointmentItem, isCalledOff } from "#shared/model/appointment.ts";

const MINUTE_MS = 60_000;
/** How long after its booked end an appointment is still the one that is meant. */
const GRACE_MS = 60 * MINUTE_MS;
const USUAL_MINUTES = 30;

const isLive = (item: AppointmentItem) => item.session !== null && item.session.status !== "ended";

const endOf = (item: AppointmentItem) =>
  Date.parse(item.startsAt) + (item.durationMinutes ?? USUAL_MINUTES) * MINUTE_MS;

/**
 * The appointment that a patient means when he opens the page, and those that come after it.
 * One that is going on comes first; then the earliest that is not over. One that was held already
 * stays within reach until an hour after its booked end, because it can be started again.
 */
export function chooseAppointment(
  items: readonly AppointmentItem[],
  now: number,
): { next: AppointmentItem | null; later: AppointmentItem[] } {
  const open = items
    .filter((item) => isLive(item) || !isCalledOff(item))
    .filter((item) => isLive(item) || endOf(item) + GRACE_MS > now)
    .toSorted(
      (a, b) =>
        Number(isLive(b)) - Number(isLive(a)) ||
        Number(wasHeld(a)) - Number(wasHeld(b)) ||
        Date.parse(a.startsAt) - Date.parse(b.startsAt),
    );
  const [next = null, ...later] = open;
  return { next, later };
}

const wasHeld = (item: AppointmentItem) => !isLive(item) && item.endedSessions > 0;
