import type { Result } from "#shared/contract/fault.ts";
import type { Appointment } from "#shared/model/appointment.ts";
import type { AppointmentId, MessageId, SessionId, UserId } from "#shared/model/ids.ts";
import type { SenderKind } from "#shared/model/message.ts";
import type { Person } from "#shared/model/person.ts";

/** What `sync_snapshot()` answers: the cursor of a pass, and whose history it belongs to. */
export type Snapshot = {
  /** `pg_current_snapshot()::text`; opaque to this machine. */
  snapshot: string;
  /** Another value than the stored one means: another database history, fetch everything again. */
  epoch: string;
  schemaVersion: number;
  /** The server's clock, ISO 8601. */
  serverTime: string;
};

/** Where a pass goes on; the start is `{ xid: "0", id: zero uuid }`. */
export type FeedPosition = { xid: string; id: string };

/**
 * A page of the feed as `pull_since` or `pull_session` answered it, undecoded. It goes to the
 * cache's writer thread as it came: checking 5,000 rows on the main thread would stall it.
 */
export type RawPage = unknown;

/** A message on its way out. The id is made by the client, so sending it twice is sending it once. */
export type OutgoingMessage = {
  id: MessageId;
  sessionId: SessionId;
  senderId: UserId;
  senderRole: "doctor" | "patient";
  senderName: string;
  content: string;
};

/** What the server made of a sent message: the values that its triggers set. */
export type SentMessage = {
  id: MessageId;
  seq: number;
  rev: number;
  senderKind: SenderKind;
  senderName: string;
  createdAt: string;
};

export type OutgoingEnd = {
  sessionId: SessionId;
  durationSeconds: number;
  /** null erases nothing. */
  notes: string | null;
};

/** A word from the server that something changed; never carries a row and never moves the cursor. */
export type Hint = {
  kind: string;
  sessionId: SessionId | null;
  appointmentId: AppointmentId | null;
};

export interface RemoteListener {
  /** The channel is joined, for the first time or again. Nothing missed before is replayed. */
  onSubscribed(): void;
  onHint(hint: Hint): void;
  /** Another token, or another way to the server: whatever was missed is asked for. */
  onRenewed?(): void;
  /** The channel is gone (network, expiry, server); the implementation goes on trying to join. */
  onLost(): void;
}

/** What the database tells on a live session's topic, undecoded. May be missing or doubled. */
export interface RoomListener {
  onMessage(row: unknown): void;
  onSession(row: unknown): void;
}

/**
 * What sync needs of Supabase, for one signed-in user. Expected failures are values, with these
 * meanings: `offline`, `server` and `quota` are tried again for ever; `not_signed_in` waits for the
 * sign-in; `refused`, `not_found`, `already_ended`, `already_signed`, `appointment_mismatch` and
 * `invalid_input` are the server's last word; an aborted signal gives `cancelled`. No failure text
 * holds a patient's words.
 */
export interface Remote {
  /** Whose calls these are. The engine sends nothing that another user has written. */
  readonly userId: UserId;
  snapshot(signal: AbortSignal): Promise<Result<Snapshot>>;
  /** `prev` null asks for everything. */
  pullSince(
    page: { prev: string | null; after: FeedPosition; limit: number },
    signal: AbortSignal,
  ): Promise<Result<RawPage>>;
  pullSession(
    page: { sessionId: SessionId; afterSeq: number; limit: number },
    signal: AbortSignal,
  ): Promise<Result<RawPage>>;
  /** Idempotent by id: a message that is there already is answered as sent. */
  sendMessage(message: OutgoingMessage, signal: AbortSignal): Promise<Result<SentMessage>>;
  /** Idempotent: a session that is ended already is answered with ok, unless its notes were signed. */
  endSession(end: OutgoingEnd, signal: AbortSignal): Promise<Result<void>>;
  /** All appointments of the user whose start lies in [from, to), from `clinic_appointments`. */
  listAppointments(
    range: { from: string; to: string },
    signal: AbortSignal,
  ): Promise<Result<Appointment[]>>;
  /** All people that the user may see, from `clinic_people`; never a part of them. */
  listPeople(signal: AbortSignal): Promise<Result<Person[]>>;
  /** Joins `user:<uid>` and keeps it joined until the returned function is called. Never throws. */
  listen(listener: RemoteListener): () => void;
  /** Joins a live session's topic until the returned function is called. Never throws. */
  listenSession?(
    room: { sessionId: SessionId; topicKey: string },
    listener: RoomListener,
  ): () => void;
}
