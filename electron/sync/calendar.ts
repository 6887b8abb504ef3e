import { ok, type Result } from "#shared/contract/fault.ts";
import type { Cache } from "#electron/cache/cache.ts";
import type { Remote } from "./remote-port.ts";

const DAY_MS = 86_400_000;
export const PAST_DAYS = 30;
export const FUTURE_DAYS = 60;

/**
 * Fetches the appointments round today and the people that the user may see, each as a whole set
 * (S13): they lie in the clinic's own tables, which carry no stamps and leave no tombstones.
 */
export async function pullCalendar(
  cache: Cache,
  remote: Remote,
  now: Date,
  signal: AbortSignal,
): Promise<Result<void>> {
  const from = new Date(now.getTime() - PAST_DAYS * DAY_MS).toISOString();
  const to = new Date(now.getTime() + FUTURE_DAYS * DAY_MS).toISOString();
  const [appointments, people] = await Promise.all([
    remote.listAppointments({ from, to }, signal),
    remote.listPeople(signal),
  ]);
  if (!appointments.ok) return appointments;
  if (!people.ok) return people;
  await cache.write("calendar.replace", {
    from,
    to,
    appointments: appointments.value,
    people: people.value,
    asOf: now.toISOString(),
  });
  return ok(undefined);
}
