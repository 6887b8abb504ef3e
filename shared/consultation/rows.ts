import { z } from "zod";
import type { Appointment } from "../model/appointment.ts";
import { AppointmentId, MessageId, RecordingId, SessionId, UserId } from "../model/ids.ts";
import {
  type Delivery,
  MAX_MESSAGE_LENGTH,
  type Message,
  MessageType,
  SenderKind,
} from "../model/message.ts";
import { type Person, PersonRole } from "../model/person.ts";
import {
  ConsultationType,
  ParticipantRole,
  type Session,
  SessionStatus,
} from "../model/session.ts";
import { timestamp } from "../model/time.ts";

/**
 * A word out of a list. Rows that are older than the script keep whatever was in them, and one such
 * row must not keep all others from being read: it counts as `instead`. A missing column is a fault.
 */
const wordOf = <Word extends string>(
  words: z.ZodType<Word, Word>,
  instead: NoInfer<Word>,
): z.ZodType<Word> =>
  z
    .string()
    .nullable()
    .transform((word) => words.catch(instead).parse(word));

/** A text that only a row older than the script can lack. */
const text = z
  .string()
  .nullable()
  .transform((found) => found ?? "");

/** A row of `consultation_sessions`: the guide's columns and those that the product adds. */
export const SessionRow = z.object({
  id: SessionId,
  appointment_id: AppointmentId,
  patient_id: UserId,
  doctor_id: UserId,
  consultation_type: wordOf(ConsultationType, "chat"),
  started_at: timestamp,
  ended_at: timestamp.nullable(),
  duration_seconds: z.int().nonnegative().nullable(),
  status: wordOf(SessionStatus, "ended"),
  notes: z.string().nullable(),
  created_at: timestamp,
  topic_key: z.guid().optional(),
  last_seq: z.int().nonnegative().nullish(),
  last_message_at: timestamp.nullish(),
  signed_at: timestamp.nullish(),
  rev: z.int().optional(),
});
export type SessionRow = z.infer<typeof SessionRow>;

/** A row of `consultation_messages`, from the table or from a broadcast of the database. */
export const MessageRow = z.object({
  id: MessageId,
  session_id: SessionId,
  sender_id: UserId.nullable(),
  sender_role: wordOf(ParticipantRole, "patient"),
  sender_name: text,
  message_type: wordOf(MessageType, "text"),
  content: text,
  file_url: z.string().nullable(),
  created_at: timestamp,
  seq: z.int().positive(),
  sender_kind: wordOf(SenderKind, "system"),
  entered_in_error_at: timestamp.nullish(),
  rev: z.int().optional(),
});
export type MessageRow = z.infer<typeof MessageRow>;

/** A row of `consultation_recordings`. */
export const RecordingRow = z.object({
  id: RecordingId,
  session_id: SessionId,
  recording_url: z.string(),
  duration_seconds: z.int().nonnegative().nullable(),
  file_size_mb: z.coerce.number().nullable(),
  created_at: timestamp,
  rev: z.int().optional(),
});
export type RecordingRow = z.infer<typeof RecordingRow>;

/** A row of `clinic_appointments`; a clinic's own words for the type fall back to a chat. */
export const AppointmentRow = z.object({
  id: AppointmentId,
  patient_id: UserId,
  doctor_id: UserId,
  starts_at: timestamp,
  duration_minutes: z.int().nullable(),
  appointment_type: z.string().nullable(),
  status: z.string().nullable(),
  reason: z.string().nullable(),
});
export type AppointmentRow = z.infer<typeof AppointmentRow>;

/** A row of `clinic_people`. */
export const PersonRow = z.object({
  id: UserId,
  full_name: z.string().nullable(),
  role: PersonRole,
  date_of_birth: z.iso.date().nullable(),
});
export type PersonRow = z.infer<typeof PersonRow>;

/** The columns asked for over REST: never `*`, so that a newer server costs nothing. */
export const SESSION_COLUMNS =
  "id, appointment_id, patient_id, doctor_id, consultation_type, started_at, ended_at, duration_seconds, status, notes, created_at, topic_key, last_seq, last_message_at, signed_at, rev";
export const MESSAGE_COLUMNS =
  "id, session_id, sender_id, sender_role, sender_name, message_type, content, file_url, created_at, seq, sender_kind, entered_in_error_at, rev";
export const APPOINTMENT_COLUMNS =
  "id, patient_id, doctor_id, starts_at, duration_minutes, appointment_type, status, reason";
export const PERSON_COLUMNS = "id, full_name, role, date_of_birth";

export const sessionFromRow = (row: SessionRow): Session => ({
  id: row.id,
  appointmentId: row.appointment_id,
  patientId: row.patient_id,
  doctorId: row.doctor_id,
  type: row.consultation_type,
  status: row.status,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  durationSeconds: row.duration_seconds ?? 0,
  notes: row.notes,
  createdAt: row.created_at,
  lastSeq: row.last_seq ?? 0,
  lastMessageAt: row.last_message_at ?? null,
});

export const messageFromRow = (row: MessageRow, delivery: Delivery = "sent"): Message => ({
  id: row.id,
  sessionId: row.session_id,
  seq: row.seq,
  senderId: row.sender_id,
  senderKind: row.sender_kind,
  senderName: row.sender_name,
  type: row.message_type,
  content: row.content,
  fileUrl: row.file_url,
  createdAt: row.created_at,
  enteredInErrorAt: row.entered_in_error_at ?? null,
  delivery,
  refusal: null,
});

export const appointmentFromRow = (row: AppointmentRow): Appointment => {
  const type = ConsultationType.safeParse(row.appointment_type);
  return {
    id: row.id,
    patientId: row.patient_id,
    doctorId: row.doctor_id,
    startsAt: row.starts_at,
    durationMinutes:
      row.duration_minutes !== null && row.duration_minutes > 0 ? row.duration_minutes : null,
    type: type.success ? type.data : "chat",
    status: row.status,
    reason: row.reason,
  };
};

/** Null where the clinic has no name for the person: a list then says so in its own words. */
export const personFromRow = (row: PersonRow): Person => ({
  id: row.id,
  name: row.full_name ?? "",
  role: row.role,
  dateOfBirth: row.date_of_birth,
});

/** What a participant inserts into `consultation_messages`, as the guide's plain REST insert does. */
export const MessageInsert = z.object({
  id: MessageId,
  session_id: SessionId,
  sender_id: UserId,
  sender_role: ParticipantRole,
  sender_name: z.string(),
  message_type: z.literal("text"),
  content: z
    .string()
    .max(MAX_MESSAGE_LENGTH)
    .refine((typed) => typed.trim() !== "", "blank"),
});
export type MessageInsert = z.infer<typeof MessageInsert>;
