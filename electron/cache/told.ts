import { z } from "zod";
import { MessageRow } from "#shared/consultation/rows.ts";
import type { AppointmentId, SessionId } from "#shared/model/ids.ts";
import { SessionStatus } from "#shared/model/session.ts";
import { timestamp } from "#shared/model/time.ts";
import { inTransaction, statement, type Readable, type Writable } from "./database.ts";
import { storeMessage } from "./feed-rows.ts";
import { findMeta, putMeta } from "./meta.ts";
import { ridOf } from "./rid.ts";
import { findSessionKey } from "./session-key.ts";
import { findSession } from "./sessions.ts";
import type { Reading, Writing } from "./stores.ts";
import { toMsOrNull } from "./time.ts";

/** The session as realtime tells of it; never its notes. */
const ToldSession = z.object({
  id: z.guid(),
  status: SessionStatus,
  ended_at: timestamp.nullable(),
  duration_seconds: z.int().nonnegative().nullable(),
  rev: z.int(),
});

/** A session that is not ended, and the key of its topic. */
export type LiveRoom = { sessionId: SessionId; topicKey: string };

/** The live sessions that this user may hear, newest first. */
export const listRooms = (db: Reading, { limit }: { limit: number }): LiveRoom[] =>
  statement<LiveRoom>(
    db.cache,
    `select s.id as sessionId, s.topic_key as topicKey from sessions s
     where s.status <> 'ended' and s.deleted_at is null and s.topic_key is not null and s.rev > 0
       and not exists (select 1 from access a where a.session_id = s.id
         and (a.granted = 0 or a.expires_at <= unixepoch('subsec') * 1000))
     order by s.started_at desc limit ?`,
  ).all(limit);

/**
 * Stores a message that realtime told of, if it is the very next one of a session that the user may
 * see (S20). True when it was stored; false asks for a pass. It has no revision, so whatever the feed
 * brings replaces it, and the next pass sweeps it should the feed not know it.
 */
export function tellMessage(
  db: Writing,
  { sessionId, row }: { sessionId: SessionId; row: unknown },
): boolean {
  const told = MessageRow.safeParse(row);
  if (!told.success || told.data.session_id !== sessionId) return false;
  const { data } = told;
  return inTransaction(db.cache, () => {
    if (findSession(db, sessionId) === null) return false;
    const key = findSessionKey(db.cache, sessionId) ?? 0;
    if (db.unsafe.toldInOrder !== false && data.seq !== lastSeq(db.cache, key) + 1) return false;
    if (!storeMessage(db, { ...data, rev: 0 })) return false;
    statement(db.cache, "insert or replace into told_messages (rid, serial) values (?, ?)").run(
      ridOf(key, data.seq),
      nextSerial(db.cache),
    );
    return true;
  });
}

function lastSeq(cache: Readable<"cache">, key: number): number {
  const row = statement<{ rid: number | null }>(
    cache,
    "select max(rid) as rid from messages where rid > ? and rid < ?",
  ).get(ridOf(key, 0), ridOf(key + 1, 0));
  return row?.rid == null ? 0 : row.rid - ridOf(key, 0);
}

/**
 * Takes a session's state from realtime (S20), keeping what it was. Its revision stays, so the feed's
 * row, which alone has the notes, still replaces it. The appointment whose views it concerns, or null
 * where nothing was taken.
 */
export function tellSession(
  db: Writing,
  { sessionId, row }: { sessionId: SessionId; row: unknown },
): AppointmentId | null {
  const told = ToldSession.safeParse(row);
  if (!told.success || told.data.id !== sessionId) return null;
  const { status, ended_at, duration_seconds, rev } = told.data;
  return inTransaction(db.cache, () => {
    const found = statement<{ appointment_id: AppointmentId }>(
      db.cache,
      "select appointment_id from sessions where id = ? and rev < ? and status <> 'ended'",
    ).get(sessionId, rev);
    if (found === undefined || findSession(db, sessionId) === null) return null;
    // Told twice, the first that was there stays; but a pass that runs now knows nothing of the second.
    statement(
      db.cache,
      `insert or replace into told_sessions
         (session_id, serial, rev, status, ended_at, duration_seconds)
       select s.id, ?, coalesce(t.rev, s.rev), coalesce(t.status, s.status),
         case when t.rev is null then s.ended_at else t.ended_at end,
         coalesce(t.duration_seconds, s.duration_seconds)
       from sessions s left join told_sessions t on t.session_id = s.id and t.rev = s.rev
       where s.id = ?`,
    ).run(nextSerial(db.cache), sessionId);
    statement(
      db.cache,
      `update sessions set status = ?, ended_at = ?, duration_seconds = max(duration_seconds, ?)
       where id = ?`,
    ).run(status, toMsOrNull(ended_at), duration_seconds ?? 0, sessionId);
    return found.appointment_id;
  });
}

/** How far realtime has told up to now, as a pass that begins now asks. */
export const getTold = (db: Reading): number => Number(findMeta(db.cache, "told") ?? "0");

function nextSerial(cache: Writable<"cache">): number {
  const serial = Number(findMeta(cache, "told") ?? "0") + 1;
  putMeta(cache, "told", String(serial));
  return serial;
}

/**
 * Ends a pass that began when `upTo` had been told: what it did not bring was never on the server.
 * Called inside the transaction that stores the cursor.
 */
export function settleTold(cache: Writable<"cache">, upTo: number): void {
  statement(
    cache,
    `delete from messages where rev = 0
       and rid in (select rid from told_messages where serial <= ?)`,
  ).run(upTo);
  statement(
    cache,
    `update sessions set (status, ended_at, duration_seconds) =
       (select t.status, t.ended_at, t.duration_seconds from told_sessions t where t.session_id = id)
     where exists (select 1 from told_sessions t
       where t.session_id = sessions.id and t.rev = sessions.rev and t.serial <= ?)`,
  ).run(upTo);
  for (const table of ["told_messages", "told_sessions"]) {
    statement(cache, `delete from ${table} where serial <= ?`).run(upTo);
  }
}
