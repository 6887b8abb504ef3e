import type { QueryName } from "#shared/contract/bridge.ts";
import type { AppointmentId, SessionId } from "#shared/model/ids.ts";

/** The name under which an answer is stored: the query's own, then what narrows it. */
export type StoreKey = readonly [QueryName, ...unknown[]];

export const keys = {
  account: ["account.current"],
  sync: ["sync.state"],
  appointments: ["appointments.list"],
  appointmentsBetween: (from: string, to: string) => ["appointments.list", from, to],
  appointment: (id: AppointmentId) => ["appointments.get", id],
  sessions: ["sessions.list"],
  sessionsOf: (filter: { person?: string; day?: string }) => ["sessions.list", filter],
  session: (id: SessionId) => ["sessions.get", id],
  appointmentSessions: (id: AppointmentId) => ["sessions.listForAppointment", id],
  messages: (id: SessionId) => ["messages.list", id],
  outbox: ["outbox.list"],
  draft: (id: SessionId) => ["drafts.get", id],
} as const satisfies Record<string, StoreKey | ((...parts: never[]) => StoreKey)>;
