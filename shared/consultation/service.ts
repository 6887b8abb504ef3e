import type { SupabaseClient } from "@supabase/supabase-js";
import { z } from "zod";
import type { ConsultationType, ParticipantRole } from "../model/session.ts";
import {
  answered,
  composeMessage,
  endConsultation,
  insertMessage,
  signedInUserId,
  startConsultation,
} from "./calls.ts";
import { ConsultationError } from "./consultation-error.ts";
import { type StreamOptions, streamMessages } from "./message-stream.ts";
import { type MessageRow, SESSION_COLUMNS, SessionRow } from "./rows.ts";

/**
 * The five calls of the owner's guide. Results are rows as the database has them (snake_case).
 * Every failure is thrown as a `ConsultationError` with a stable `code` and a sentence that says
 * what to do. Needs a signed-in client.
 */
export interface ConsultationService {
  /** Opens the appointment's live session, making one if there is none; both sides get the same. */
  createSession(
    appointmentId: string,
    patientId: string,
    doctorId: string,
    consultationType: ConsultationType,
  ): Promise<SessionRow>;
  /** Sends a text. Tries again on a broken connection; never sends it twice. */
  sendMessage(
    sessionId: string,
    userId: string,
    senderRole: ParticipantRole,
    senderName: string,
    text: string,
  ): Promise<MessageRow>;
  /** Hears each message of a session once and in order, until the returned function is called. */
  subscribeToMessages(
    sessionId: string,
    onMessage: (message: MessageRow) => void,
    options?: StreamOptions,
  ): () => void;
  /** Ends a session; idempotent. Notes that are left out erase nothing. */
  endSession(sessionId: string, durationInSeconds: number, notes?: string): Promise<SessionRow>;
  /** The user's consultations in that role, newest first. */
  getSessionHistory(userId: string, role: ParticipantRole, limit?: number): Promise<SessionRow[]>;
}

/** Waits between the tries of one send, in milliseconds. */
const SEND_RETRIES = [300, 1_000, 3_000] as const;

const wait = (ms: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms);
  });

/** Makes the service over a client, or over a function that gives the one to use now. */
export function makeConsultationService(
  client: SupabaseClient | (() => SupabaseClient),
): ConsultationService {
  const now = typeof client === "function" ? client : () => client;
  /** Subscriptions whose beginning is still being asked for, by session. */
  const starting = new Map<string, Set<Promise<void>>>();

  /** Everything here is done in the name of the signed-in user. */
  const asUser = async (given?: string): Promise<SupabaseClient> => {
    const current = now();
    const userId = await signedInUserId(current);
    if (given !== undefined && given !== userId) throw new ConsultationError("refused");
    return current;
  };

  return {
    async createSession(appointmentId, patientId, doctorId, type) {
      return startConsultation(await asUser(), { appointmentId, patientId, doctorId, type });
    },

    async sendMessage(sessionId, userId, senderRole, senderName, text) {
      const message = composeMessage({ sessionId, senderId: userId, senderRole, senderName, text });
      const current = await asUser(userId);
      // What is sent after subscribing must be heard by that subscription.
      await Promise.all(starting.get(sessionId) ?? []);
      for (const pause of SEND_RETRIES) {
        try {
          return await insertMessage(current, message);
        } catch (error) {
          if (!(error instanceof ConsultationError) || error.code !== "offline") throw error;
          await wait(pause);
        }
      }
      return insertMessage(current, message);
    },

    subscribeToMessages(sessionId, onMessage, options) {
      const stream = streamMessages(now(), sessionId, onMessage, options);
      const others = starting.get(sessionId) ?? new Set();
      starting.set(sessionId, others.add(stream.started));
      void stream.started.finally(() => {
        others.delete(stream.started);
        if (others.size === 0 && starting.get(sessionId) === others) starting.delete(sessionId);
      });
      return stream.stop;
    },

    async endSession(sessionId, durationInSeconds, notes) {
      const ended = await endConsultation(await asUser(), sessionId, durationInSeconds, notes);
      if (ended.fault !== null) throw new ConsultationError(ended.fault);
      return ended.session;
    },

    async getSessionHistory(userId, role, limit = 20) {
      const current = await asUser(userId);
      return answered(
        current
          .from("consultation_sessions")
          .select(SESSION_COLUMNS)
          .eq(role === "doctor" ? "doctor_id" : "patient_id", userId)
          .is("deleted_at", null)
          .order("started_at", { ascending: false })
          .order("id", { ascending: false })
          .limit(limit),
        z.array(SessionRow),
      );
    },
  };
}
