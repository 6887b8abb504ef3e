import { z } from "zod";
import { AppointmentItem } from "../model/appointment.ts";
import { AppointmentId, SessionId } from "../model/ids.ts";
import { Message } from "../model/message.ts";
import { OutboxItem } from "../model/outbox-item.ts";
import { Person } from "../model/person.ts";
import { SessionSummary } from "../model/session.ts";
import { calendarDay, timestamp } from "../model/time.ts";
import { Account, SyncState } from "./state.ts";

/** When the answer was last confirmed by the server; null when it never was. */
const asOf = timestamp.nullable();

/** Where a list goes on: the last row of the page before. */
export const SessionCursor = z.object({ startedAt: timestamp, id: SessionId });
export type SessionCursor = z.infer<typeof SessionCursor>;

/** How much of the past is kept on this machine. */
export const CacheLimits = z.object({
  maxBytes: z.int().positive(),
  /** Ended sessions that began longer ago leave; null keeps them. */
  maxAgeDays: z.int().positive().nullable(),
});
export type CacheLimits = z.infer<typeof CacheLimits>;

/**
 * Reads. In the workstation they are answered from cache ∪ outbox and never touch the network;
 * the twin over supabase-js (patient page) answers them from the server.
 */
export const queries = {
  /** Who is signed in on this machine, and whether a project is configured. */
  "account.current": { in: z.object({}), out: Account },
  "sync.state": { in: z.object({}), out: SyncState },
  /** Appointments whose start lies in [from, to), earliest first. */
  "appointments.list": {
    in: z.object({ from: timestamp, to: timestamp }),
    out: z.object({ items: z.array(AppointmentItem), asOf }),
  },
  "appointments.get": {
    in: z.object({ appointmentId: AppointmentId }),
    out: z.object({ item: AppointmentItem, patient: Person.nullable(), asOf }),
  },
  /** Past and live consultations, newest first, in pages. */
  "sessions.list": {
    in: z.object({
      limit: z.int().min(1).max(200),
      before: SessionCursor.nullable(),
      /** Case-insensitive part of the other side's name. */
      person: z.string().max(200).optional(),
      day: calendarDay.optional(),
    }),
    out: z.object({
      items: z.array(SessionSummary),
      next: SessionCursor.nullable(),
      asOf,
    }),
  },
  "sessions.get": {
    in: z.object({ sessionId: SessionId }),
    out: z.object({ session: SessionSummary, asOf }),
  },
  /** The sessions of one appointment: the one that is not ended, if any, and the ended ones, oldest first. */
  "sessions.listForAppointment": {
    in: z.object({ appointmentId: AppointmentId }),
    out: z.object({ live: SessionSummary.nullable(), ended: z.array(SessionSummary), asOf }),
  },
  /**
   * One page of a transcript in reading order. `beforeSeq: null` gives the newest page, which is the
   * only one that holds queued messages, after the numbered ones. `more` says that older ones exist.
   */
  "messages.list": {
    in: z.object({
      sessionId: SessionId,
      beforeSeq: z.int().positive().nullable(),
      limit: z.int().min(1).max(500),
    }),
    out: z.object({ messages: z.array(Message), more: z.boolean(), asOf }),
  },
  /** What was typed for a session and neither sent nor saved yet. */
  "drafts.get": {
    in: z.object({ sessionId: SessionId }),
    out: z.object({ message: z.string(), notes: z.string() }),
  },
  /** What the local copy holds and takes. `departed` counts sessions that left because of a limit. */
  "cache.stats": {
    in: z.object({}),
    out: z.object({
      fileBytes: z.int().nonnegative(),
      usedBytes: z.int().nonnegative(),
      outboxBytes: z.int().nonnegative(),
      sessions: z.int().nonnegative(),
      messages: z.int().nonnegative(),
      departed: z.int().nonnegative(),
      oldestAt: timestamp.nullable(),
      limits: CacheLimits,
    }),
  },
  /** Everything that exists only on this machine; what was turned down comes first. */
  "outbox.list": { in: z.object({}), out: z.object({ items: z.array(OutboxItem) }) },
} as const satisfies Record<string, { in: z.ZodType; out: z.ZodType }>;

export type Queries = typeof queries;
