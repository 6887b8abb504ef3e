import type { SessionId } from "#shared/model/ids.ts";
import { inTransaction, statement, type Readable } from "./database.ts";
import type { CommandArgs, Writing } from "./stores.ts";

/** The end of a session that the server has not confirmed. */
export type QueuedEnd = {
  sessionId: SessionId;
  durationSeconds: number;
  notes: string | null;
  endedAt: number;
};

/** Ends under way, by session; a refused one is no end, so the session shows as it is on the server. */
export function listQueuedEnds(outbox: Readable<"outbox">): ReadonlyMap<string, QueuedEnd> {
  const rows = statement<QueuedEnd>(
    outbox,
    `select session_id as sessionId, duration_seconds as durationSeconds, notes, ended_at as endedAt
     from session_ends where state <> 'refused'`,
  ).all();
  return new Map(rows.map((row) => [row.sessionId, row]));
}

/** Queues the end of a session. Doing it again keeps the first moment and the newest notes. */
export function queueEnd(db: Writing, end: CommandArgs<"session.end">): void {
  statement(
    db.outbox,
    `insert into session_ends
       (session_id, user_id, duration_seconds, notes, ended_at, state, refusal)
     values (?, ?, ?, ?, ?, 'queued', null)
     on conflict (session_id) do update set
       duration_seconds = excluded.duration_seconds,
       notes = coalesce(excluded.notes, notes), state = 'queued', refusal = null`,
  ).run(end.sessionId, db.userId, end.durationSeconds, end.notes ?? null, Date.now());
}

/**
 * Whether the end is still the one that was sent. One that was queued anew meanwhile, with other notes,
 * waits again: the answer to the former says nothing about it.
 */
const isOnItsWay = (db: Writing, sessionId: SessionId): boolean =>
  statement(db.outbox, "select 1 from session_ends where session_id = ? and state = 'sending'").get(
    sessionId,
  ) !== undefined;

/** The server has it: it leaves the outbox, and the cache shows it until the next pull says more. */
export function markEndSent(db: Writing, { sessionId }: { sessionId: SessionId }): void {
  if (!isOnItsWay(db, sessionId)) return;
  const end = listQueuedEnds(db.outbox).get(sessionId);
  if (end !== undefined) {
    // The row's rev stays, so whatever the feed brings next replaces this.
    statement(
      db.cache,
      `update sessions set status = 'ended', ended_at = coalesce(ended_at, ?),
         duration_seconds = ?, notes = coalesce(?, notes)
       where id = ? and status <> 'ended'`,
    ).run(end.endedAt, end.durationSeconds, end.notes, sessionId);
  }
  statement(db.outbox, "delete from session_ends where session_id = ?").run(sessionId);
}

/** The server will never take it: it is parked until the session is ended anew. */
export function markEndRefused(
  db: Writing,
  { sessionId, refusal }: { sessionId: SessionId; refusal: string },
): void {
  inTransaction(db.outbox, () => {
    if (!isOnItsWay(db, sessionId)) return;
    returnNotes(db, sessionId);
    setState(db, sessionId, "refused", refusal);
  });
}

/** The session had ended and its record was closed already: the end leaves, its notes go back to the draft. */
export function dropEnd(db: Writing, { sessionId }: { sessionId: SessionId }): void {
  inTransaction(db.outbox, () => {
    if (!isOnItsWay(db, sessionId)) return;
    returnNotes(db, sessionId);
    statement(db.outbox, "delete from session_ends where session_id = ?").run(sessionId);
  });
}

/** Puts the notes of an end where their author finds them, so that no word is lost. */
export function returnNotes(db: Writing, sessionId: SessionId): void {
  statement(
    db.outbox,
    `insert into drafts (session_id, field, text)
       select session_id, 'notes', notes from session_ends
       where session_id = ? and notes is not null
     on conflict (session_id, field) do nothing`,
  ).run(sessionId);
}

/**
 * Takes the oldest end whose session has no message left to send before it, passing over some
 * sessions. Null when there is none.
 */
export function takeNextEnd(
  db: Writing,
  { except = [] }: { except?: readonly SessionId[] },
): QueuedEnd | null {
  return inTransaction(db.outbox, () => {
    const end = statement<QueuedEnd>(
      db.outbox,
      `select session_id as sessionId, duration_seconds as durationSeconds, notes,
         ended_at as endedAt
       from session_ends e
       where state <> 'refused' and user_id = ?
         and session_id not in (select value from json_each(?))
         and not exists (
           select 1 from messages m where m.session_id = e.session_id and m.state <> 'refused')
       order by ended_at limit 1`,
    ).get(db.userId, JSON.stringify(except));
    if (end === undefined) return null;
    setState(db, end.sessionId, "sending", null);
    return end;
  });
}

/** It did not get through: it waits again. */
export const markEndQueued = (db: Writing, { sessionId }: { sessionId: SessionId }): void =>
  setState(db, sessionId, "queued", null);

function setState(
  db: Writing,
  sessionId: SessionId,
  state: "queued" | "sending" | "refused",
  refusal: string | null,
): void {
  statement(db.outbox, "update session_ends set state = ?, refusal = ? where session_id = ?").run(
    state,
    refusal,
    sessionId,
  );
}
