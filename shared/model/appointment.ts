import { z } from "zod";
import { AppointmentId, SessionId, UserId } from "./ids.ts";
import { ConsultationType, SessionStatus } from "./session.ts";
import { timestamp } from "./time.ts";

/** A booked meeting, read from the clinic's own calendar through `clinic_appointments`. */
export const Appointment = z.object({
  id: AppointmentId,
  patientId: UserId,
  doctorId: UserId,
  startsAt: timestamp,
  durationMinutes: z.int().positive().nullable(),
  type: ConsultationType,
  /** The clinic's own word, e.g. "booked" or "cancelled"; null where it keeps none. */
  status: z.string().nullable(),
  reason: z.string().nullable(),
});
export type Appointment = z.infer<typeof Appointment>;

/** An appointment with names and the state of its latest session, as a day list shows it. */
export const AppointmentItem = Appointment.extend({
  patientName: z.string().nullable(),
  doctorName: z.string().nullable(),
  session: z.object({ id: SessionId, status: SessionStatus }).nullable(),
  /** How many ended sessions the appointment has. */
  endedSessions: z.int().nonnegative(),
});
export type AppointmentItem = z.infer<typeof AppointmentItem>;

/** The clinic's own word is free text; these are the usual ones for what does not take place. */
const CALLED_OFF = /cancel|no.?show|declin|reject|anulad/i;

/** Whether the clinic's calendar says that an appointment does not take place. */
export const isCalledOff = (item: Pick<Appointment, "status">): boolean =>
  CALLED_OFF.test(item.status ?? "");
