import type { FeedRow } from "#shared/consultation/feed.ts";
import type { SessionId } from "#shared/model/ids.ts";
import type { Message, SenderKind } from "#shared/model/message.ts";
import { statement, type Writable } from "./database.ts";
import { ridOf, RIDS_PER_SESSION } from "./rid.ts";
import { findSessionKey } from "./session-key.ts";
import type { Writing } from "./stores.ts";
import { toMs, toMsOrNull } from "./time.ts";
import { uuidToBlob } from "./uuid-blob.ts";

type Row<Kind extends FeedRow["kind"]> = Extract<FeedRow, { kind: Kind }>["row"];

/** What the server's triggers gave a message that was sent from here. */
export type SentValues = {
  seq: number;
  rev: number;
  senderKind: SenderKind;
  senderName: string;
  createdAt: string;
};

/** A row is replaced by a higher revision only: pages come twice, late and out of order. */
const guard = (db: Writing, table: "sessions" | "messages" | "access"): string =>
  db.unsafe.revGuard === false ? "" : ` where excluded.rev > ${table}.rev`;

/** The session's local key, given at first sight: a message can come before its session. */
export function giveSessionKey(cache: Writable<"cache">, sessionId: string): number {
  const known = findSessionKey(cache, sessionId);
  if (known !== null) return known;
  const { lastInsertRowid } = statement(cache, "insert into session_keys (id) values (?)").run(
    sessionId,
  );
  return Number(lastInsertRowid);
}

/** Whether a session was erased, or has left because of a limit. */
const isSessionGone = (cache: Writable<"cache">, id: string): boolean =>
  statement(
    cache,
    "select 1 from tombstones where entity in ('session', 'departed') and id = ?",
  ).get(id) !== undefined;

/** Whether a message was erased, or its session is gone. */
const isMessageGone = (cache: Writable<"cache">, id: string, sessionId: string): boolean =>
  statement(
    cache,
    `select 1 from tombstones
     where (entity, id) in (values ('message', ?), ('session', ?), ('departed', ?))`,
  ).get(id, sessionId, sessionId) !== undefined;

const isSessionDeleted = (cache: Writable<"cache">, id: string): boolean =>
  statement(cache, "select 1 from sessions where id = ? and deleted_at is not null").get(id) !==
  undefined;

/** Writes down that a session's whole history is to be fetched (S8). */
export function askBackfill(cache: Writable<"cache">, sessionId: string): void {
  statement(cache, "insert or replace into backfills (session_id, after_seq) values (?, 0)").run(
    sessionId,
  );
}

/** Stores a session as the feed gave it. True when it changed something. */
export function storeSession(db: Writing, row: Row<"session">): boolean {
  if (isSessionGone(db.cache, row.id)) return false;
  const wasDeleted = isSessionDeleted(db.cache, row.id);
  const { changes } = statement(
    db.cache,
    `insert into sessions
       (key, id, appointment_id, patient_id, doctor_id, type, status, started_at, ended_at,
        duration_seconds, notes, created_at, last_seq, last_message_at, topic_key, signed_at,
        deleted_at, rev)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (key) do update set
       appointment_id = excluded.appointment_id, patient_id = excluded.patient_id,
       doctor_id = excluded.doctor_id, type = excluded.type, status = excluded.status,
       started_at = excluded.started_at, ended_at = excluded.ended_at,
       duration_seconds = excluded.duration_seconds, notes = excluded.notes,
       created_at = excluded.created_at, last_seq = excluded.last_seq,
       last_message_at = excluded.last_message_at, topic_key = excluded.topic_key,
       signed_at = excluded.signed_at, deleted_at = excluded.deleted_at, rev = excluded.rev
     ${guard(db, "sessions")}`,
  ).run(
    giveSessionKey(db.cache, row.id),
    row.id,
    row.appointment_id,
    row.patient_id,
    row.doctor_id,
    row.consultation_type,
    row.status,
    toMs(row.started_at),
    toMsOrNull(row.ended_at),
    row.duration_seconds ?? 0,
    row.notes,
    toMs(row.created_at),
    row.last_seq ?? 0,
    toMsOrNull(row.last_message_at),
    row.topic_key ?? null,
    toMsOrNull(row.signed_at),
    toMsOrNull(row.deleted_at),
    row.rev ?? 0,
  );
  if (changes > 0 && row.deleted_at) purgeMessages(db.cache, row.id);
  // Back in use: its words are fetched again.
  if (changes > 0 && wasDeleted && !row.deleted_at) askBackfill(db.cache, row.id);
  return changes > 0;
}

type MessageValues = {
  id: string;
  sessionId: string;
  seq: number;
  senderId: string | null;
  senderKind: string;
  senderName: string;
  type: string;
  content: string;
  fileUrl: string | null;
  createdAt: string;
  enteredInErrorAt: string | null;
  deletedAt: string | null;
  rev: number;
};

/** Stores a message as the feed gave it; a deleted one keeps its number and revision, not its words. */
export function storeMessage(db: Writing, row: Row<"message">): boolean {
  if (isMessageGone(db.cache, row.id, row.session_id)) return false;
  // Of a session that is out of use no words are kept, in whatever order they come.
  if (isSessionDeleted(db.cache, row.session_id)) return false;
  return putMessage(db, {
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
    deletedAt: row.deleted_at ?? null,
    rev: row.rev ?? 0,
  });
}

/**
 * Stores a message of the outbox as the server has answered it, ahead of the feed. It has no revision,
 * so whatever the feed brings replaces it: the answer to a retry carries the revision of a row that may
 * have been changed since. Not stored where the feed has told already that it is erased or revoked.
 */
export function storeSentMessage(db: Writing, message: Message, sent: SentValues): void {
  const { id, sessionId } = message;
  const { cache } = db;
  if (isMessageGone(cache, id, sessionId)) return;
  if (isSessionDeleted(cache, sessionId)) return;
  const access = "select 1 from access where session_id = ? and granted = 0";
  if (statement(cache, access).get(sessionId) !== undefined) return;
  putMessage(db, { ...message, ...sent, deletedAt: null, rev: 0 });
}

function putMessage(db: Writing, message: MessageValues): boolean {
  if (message.seq >= RIDS_PER_SESSION) throw new Error("a session holds too many messages");
  const { changes } = statement(
    db.cache,
    `insert into messages
       (rid, id, sender_id, sender_kind, sender_name, type, content, file_url, created_at,
        entered_in_error_at, deleted_at, rev)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (rid) do update set
       id = excluded.id, sender_id = excluded.sender_id, sender_kind = excluded.sender_kind,
       sender_name = excluded.sender_name, type = excluded.type, content = excluded.content,
       file_url = excluded.file_url, created_at = excluded.created_at,
       entered_in_error_at = excluded.entered_in_error_at, deleted_at = excluded.deleted_at,
       rev = excluded.rev
     ${guard(db, "messages")}`,
  ).run(
    ridOf(giveSessionKey(db.cache, message.sessionId), message.seq),
    uuidToBlob(message.id),
    message.senderId === null ? null : uuidToBlob(message.senderId),
    message.senderKind,
    message.senderName,
    message.type,
    message.deletedAt === null ? message.content : "",
    message.deletedAt === null ? message.fileUrl : null,
    toMs(message.createdAt),
    toMsOrNull(message.enteredInErrorAt),
    toMsOrNull(message.deletedAt),
    message.rev,
  );
  return changes > 0;
}

/** Erases what a tombstone names, and keeps its name so that a late page cannot bring it back. */
export function applyTombstone(cache: Writable<"cache">, row: Row<"tombstone">): void {
  const { changes } = statement(
    cache,
    "insert or ignore into tombstones (entity, id) values (?, ?)",
  ).run(row.entity, row.id);
  if (changes === 0) return;
  if (row.entity === "session") {
    purgeSession(cache, row.id);
  } else if (row.entity === "message" && row.session_id !== null) {
    const key = findSessionKey(cache, row.session_id);
    if (key === null) return;
    statement(cache, "delete from messages where rid > ? and rid < ? and id = ?").run(
      ridOf(key, 0),
      ridOf(key + 1, 0),
      uuidToBlob(row.id),
    );
  }
}

/**
 * Writes down who may see a session; true when that is granted and is news. Also where it was granted
 * before: between the two it may have been taken away, and the pages of that moment showed nothing.
 */
export function storeAccess(db: Writing, row: Row<"access">): boolean {
  const { changes } = statement(
    db.cache,
    `insert into access (session_id, role, granted, expires_at, rev) values (?, ?, ?, ?, ?)
     on conflict (session_id) do update set role = excluded.role, granted = excluded.granted,
       expires_at = excluded.expires_at, rev = excluded.rev
     ${guard(db, "access")}`,
  ).run(row.session_id, row.role, row.granted ? 1 : 0, toMsOrNull(row.expires_at), row.rev ?? 0);
  if (changes === 0) return false;
  if (!row.granted) {
    purgeSession(db.cache, row.session_id);
    statement(db.cache, "delete from backfills where session_id = ?").run(row.session_id);
  }
  return row.granted;
}

/** Removes a session and its words from rows and search index; pages are overwritten, not only freed. */
export function purgeSession(cache: Writable<"cache">, sessionId: string): void {
  purgeMessages(cache, sessionId);
  statement(cache, "delete from sessions where id = ?").run(sessionId);
}

function purgeMessages(cache: Writable<"cache">, sessionId: SessionId | string): void {
  const key = findSessionKey(cache, sessionId);
  if (key === null) return;
  statement(cache, "delete from messages where rid >= ? and rid < ?").run(
    ridOf(key, 0),
    ridOf(key + 1, 0),
  );
}
