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
