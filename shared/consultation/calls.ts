import type { SupabaseClient } from "@supabase/supabase-js";
import { z } from "zod";
import type { FaultCode } from "../contract/fault.ts";
import { newMessageId } from "../model/ids.ts";
import type { Person } from "../model/person.ts";
import { type ConsultationType, type ParticipantRole, SessionStatus } from "../model/session.ts";
import { timestamp } from "../model/time.ts";
import { ConsultationError } from "./consultation-error.ts";
import {
  MESSAGE_COLUMNS,
  MessageInsert,
  MessageRow,
  PersonRow,
  SESSION_COLUMNS,
  SessionRow,
} from "./rows.ts";

/** What a request of supabase-js answers. */
type Reply = { data: unknown; error: unknown; status: number };

/** A request of supabase-js, which can be told not to repeat itself. */
type Request = PromiseLike<Reply> & { retry(enabled: boolean): PromiseLike<Reply> };

/** Faults by which the server turns one thing down for good. */
const isVerdict = (code: FaultCode): boolean =>
  code === "refused" || code === "not_found" || code === "invalid_input";

/**
 * PostgREST names every refusal by a code. What has none was said by something on the way, a proxy
 * or a hotel's login page, and must not pass for the server's word on a queued message.
 */
const isNamed = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "code" in error && !!error.code;

/**
 * Runs one request and decodes its answer. Whatever goes wrong is thrown as `ConsultationError`;
 * an answer of another shape than the contract's is a fault too, never an empty result. The client's
 * own hidden retries are off: they would keep an offline view waiting for seven seconds, and every
 * caller here decides by itself when to ask again.
 */
export async function answered<T>(request: Request, shape: z.ZodType<T>): Promise<T> {
  let reply: Reply;
  try {
    reply = await request.retry(false);
  } catch (error) {
    throw ConsultationError.from(error);
  }
  if (reply.error !== null && reply.error !== undefined) {
    const failed = ConsultationError.from(reply.error, reply.status);
    throw isVerdict(failed.code) && !isNamed(reply.error)
      ? new ConsultationError("server", reply.error)
      : failed;
  }
  const decoded = shape.safeParse(reply.data);
  if (!decoded.success) throw new ConsultationError("tables_old", decoded.error);
  return decoded.data;
}

/**
 * Runs a function of the database. PostgREST answers alike when only the function is missing (an old
 * script) and when everything is (no script), so the sessions table is asked which of the two it is.
 */
async function called<T>(
  client: SupabaseClient,
  name: string,
  args: Record<string, unknown>,
  shape: z.ZodType<T>,
): Promise<T> {
  try {
    return await answered(client.rpc(name, args), shape);
  } catch (error) {
    if (!(error instanceof ConsultationError) || error.code !== "tables_old") throw error;
    await answered(
      client.from("consultation_sessions").select("id").limit(0),
      z.array(z.unknown()),
    );
    throw error;
  }
}

/** The id of the signed-in user; throws `not_signed_in` where there is none. */
export async function signedInUserId(client: SupabaseClient): Promise<string> {
  const { data, error } = await client.auth.getSession();
  if (error) throw ConsultationError.from(error);
  if (data.session === null) throw new ConsultationError("not_signed_in");
  return data.session.user.id;
}

/** Opens the appointment's live session, making one if there is none; one only, under any race. */
export const startConsultation = (
  client: SupabaseClient,
  given: {
    appointmentId: string;
    patientId: string;
    doctorId: string;
    type: ConsultationType;
  },
): Promise<SessionRow> =>
  called(
    client,
    "start_consultation",
    {
      p_appointment_id: given.appointmentId,
      p_patient_id: given.patientId,
      p_doctor_id: given.doctorId,
      p_consultation_type: given.type,
    },
    SessionRow,
  );

export const setSessionStatus = (
  client: SupabaseClient,
  sessionId: string,
  status: "active" | "paused",
): Promise<SessionRow> =>
  called(client, "set_session_status", { p_session_id: sessionId, p_status: status }, SessionRow);

const Touched = z.object({ duration_seconds: z.int().nonnegative(), status: SessionStatus });

/** Heartbeat of an open room: the server grows the duration by its own clock. */
export const touchSession = (
  client: SupabaseClient,
  sessionId: string,
): Promise<z.infer<typeof Touched>> =>
  called(client, "touch_session", { p_session_id: sessionId }, Touched);

const Ended = z.object({ session: SessionRow, fault: z.literal("already_signed").nullable() });

/** Ends a session. Idempotent; omitted notes erase nothing. */
export async function endConsultation(
  client: SupabaseClient,
  sessionId: string,
  durationSeconds: number,
  notes?: string,
): Promise<z.infer<typeof Ended>> {
  return called(
    client,
    "end_consultation",
    {
      p_session_id: sessionId,
      p_duration_seconds: Math.max(0, Math.round(durationSeconds)),
      ...(notes === undefined ? {} : { p_notes: notes }),
    },
    Ended,
  );
}

export const ConsultationStatus = z.object({
  schema_version: z.int(),
  min_client: z.union([z.int(), z.string()]).nullish(),
  epoch: z.string().nullish(),
  server_time: timestamp,
  user_id: z.guid().nullable(),
  person: PersonRow.nullable(),
  settings: z
    .object({
      clinic_name: z.string().nullish(),
      clinic_phone: z.string().nullish(),
      emergency_number: z.string().nullish(),
      patient_page_url: z.string().nullish(),
    })
    .nullable(),
});
export type ConsultationStatus = z.infer<typeof ConsultationStatus>;

/** Who the server takes the caller for, and what the clinic has set. */
export const consultationStatus = (client: SupabaseClient): Promise<ConsultationStatus> =>
  called(client, "consultation_status", {}, ConsultationStatus);

/** The person inside a status, or null where the clinic does not know the account. */
export const personOfStatus = (status: ConsultationStatus): Person | null =>
  status.person === null
    ? null
    : {
        id: status.person.id,
        name: status.person.full_name ?? "",
        role: status.person.role,
        dateOfBirth: status.person.date_of_birth,
      };

/** One session that the caller may see; throws `not_found` where there is none. */
export const getSessionRow = (client: SupabaseClient, sessionId: string): Promise<SessionRow> =>
  answered(
    client.from("consultation_sessions").select(SESSION_COLUMNS).eq("id", sessionId).single(),
    SessionRow,
  );

/** The messages of a session numbered above `afterSeq`, in order, save those that were taken back. */
export const listMessagesAfter = (
  client: SupabaseClient,
  sessionId: string,
  afterSeq: number,
  limit: number,
): Promise<MessageRow[]> =>
  answered(
    client
      .from("consultation_messages")
      .select(MESSAGE_COLUMNS)
      .eq("session_id", sessionId)
      .gt("seq", afterSeq)
      .is("deleted_at", null)
      .order("seq", { ascending: true })
      .limit(limit),
    z.array(MessageRow),
  );

/** A text message as it goes to the server, with an id of its own. Throws `invalid_input`. */
export function composeMessage(given: {
  id?: string;
  sessionId: string;
  senderId: string;
  senderRole: ParticipantRole;
  senderName: string;
  text: string;
}): MessageInsert {
  const composed = MessageInsert.safeParse({
    id: given.id ?? newMessageId(),
    session_id: given.sessionId,
    sender_id: given.senderId,
    sender_role: given.senderRole,
    sender_name: given.senderName,
    message_type: "text",
    content: given.text,
  });
  // The parse's own error could quote what was typed, so it is not passed on.
  if (!composed.success) throw new ConsultationError("invalid_input");
  return composed.data;
}

const isDuplicate = (error: unknown): boolean =>
  error instanceof ConsultationError &&
  typeof error.cause === "object" &&
  error.cause !== null &&
  "code" in error.cause &&
  error.cause.code === "23505";

/**
 * Inserts one message and answers its row with the server's number. Idempotent: an insert whose
 * answer was lost is found again by its id, so a retry with the same row never doubles it.
 */
export async function insertMessage(
  client: SupabaseClient,
  message: MessageInsert,
): Promise<MessageRow> {
  const table = client.from("consultation_messages");
  try {
    return await answered(table.insert(message).select(MESSAGE_COLUMNS).single(), MessageRow);
  } catch (error) {
    if (isDuplicate(error)) {
      return answered(
        table
          .select(MESSAGE_COLUMNS)
          .eq("id", message.id)
          .eq("sender_id", message.sender_id)
          .single(),
        MessageRow,
      );
    }
    if (error instanceof ConsultationError && error.code === "refused") {
      // Row security refuses alike what is not there and what is not allowed: say which.
      await getSessionRow(client, message.session_id);
    }
    throw error;
  }
}
