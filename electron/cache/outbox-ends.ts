import type { SessionId, UserId } from "#shared/model/ids.ts";
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

/** The server has it: it leaves the outbox, and the cache shows it until the next pull says more. */
export function markEndSent(db: Writing, { sessionId }: { sessionId: SessionId }): void {
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

/** The server will never take it: its notes go back to the draft, so that no word is lost. */
export function markEndRefused(
  db: Writing,
  { sessionId, refusal }: { sessionId: SessionId; refusal: string },
): void {
  inTransaction(db.outbox, () => {
    statement(
      db.outbox,
      `insert into drafts (session_id, field, text)
         select session_id, 'notes', notes from session_ends
         where session_id = ? and notes is not null
       on conflict (session_id, field) do nothing`,
    ).run(sessionId);
    statement(
      db.outbox,
      "update session_ends set state = 'refused', refusal = ? where session_id = ?",
    ).run(refusal, sessionId);
  });
}

/** The next end to push: one whose session has no message left to send before it. */
export function findNextEnd(
  outbox: Readable<"outbox">,
  userId: UserId,
): (QueuedEnd & { userId: UserId }) | null {
  const row = statement<QueuedEnd & { userId: UserId }>(
    outbox,
    `select session_id as sessionId, user_id as userId, duration_seconds as durationSeconds, notes,
       ended_at as endedAt
     from session_ends e
     where state <> 'refused' and user_id = ? and not exists (
       select 1 from messages m where m.session_id = e.session_id and m.state <> 'refused')
     order by ended_at limit 1`,
  ).get(userId);
  return row ?? null;
}
