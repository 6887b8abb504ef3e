import { z } from "zod";
import { AppointmentId, SessionId, UserId } from "./ids.ts";
import { timestamp } from "./time.ts";

export const ConsultationType = z.enum(["video", "audio", "chat"]);
export type ConsultationType = z.infer<typeof ConsultationType>;

export const SessionStatus = z.enum(["active", "paused", "ended"]);
export type SessionStatus = z.infer<typeof SessionStatus>;

/** The two sides of a consultation, in the words of the owner's guide. */
export const ParticipantRole = z.enum(["doctor", "patient"]);
export type ParticipantRole = z.infer<typeof ParticipantRole>;

/** One consultation: what `consultation_sessions` holds of it. */
export const Session = z.object({
  id: SessionId,
  appointmentId: AppointmentId,
  patientId: UserId,
  doctorId: UserId,
  type: ConsultationType,
  status: SessionStatus,
  startedAt: timestamp,
  endedAt: timestamp.nullable(),
  /** Grown by the server's clock while the session is active; pauses are not counted. */
  durationSeconds: z.int().nonnegative(),
  /** The summary that the patient may read too; null until one is written. */
  notes: z.string().nullable(),
  createdAt: timestamp,
  lastSeq: z.int().nonnegative(),
  lastMessageAt: timestamp.nullable(),
});
export type Session = z.infer<typeof Session>;

/** A session with the names that a list shows; null where the clinic's records do not say. */
export const SessionSummary = Session.extend({
  patientName: z.string().nullable(),
  doctorName: z.string().nullable(),
  /** True while an end, made on this machine, has not reached the server. */
  endQueued: z.boolean(),
});
export type SessionSummary = z.infer<typeof SessionSummary>;
