import { z } from "zod";
import {
  decodeFeedPage,
  PullCursor,
  SessionPullCursor,
  type FeedRow,
} from "#shared/consultation/feed.ts";
import type { AppointmentId, SessionId } from "#shared/model/ids.ts";
import { inTransaction, statement } from "./database.ts";
import {
  applyTombstone,
  askBackfill,
  purgeSession,
  storeAccess,
  storeMessage,
  storeSession,
} from "./feed-rows.ts";
import { findMeta, putMeta } from "./meta.ts";
import { findAppointmentOf } from "./sessions.ts";
import { settleTold } from "./told.ts";
import { isAheadOf, isVisibleIn } from "./snapshot.ts";
import type { Reading, Writing } from "./stores.ts";

/** A pass that is under way: the snapshot that it will leave behind, and where its next page begins. */
const Pass = z.object({ snapshot: z.string(), serverTime: z.string(), next: PullCursor });
export type Pass = z.infer<typeof Pass>;

export type FeedState = {
  epoch: string | null;
  /** The snapshot of the last complete pass; null before the first. */
  cursor: string | null;
  /** A pass that was cut short and goes on where it stopped. */
  pass: Pass | null;
  asOf: string | null;
};

/** Which views a page has made old. */
export type Changed = {
  sessions: { sessionId: SessionId; appointmentId: AppointmentId }[];
  messages: SessionId[];
};

export type Applied<Next> = { next: Next | null; rows: number; changed: Changed };

export const FEED_START: PullCursor = { xid: "0", id: "00000000-0000-0000-0000-000000000000" };

export function getFeedState(db: Reading): FeedState {
  const pass = findMeta(db.cache, "pass");
  return {
    epoch: findMeta(db.cache, "epoch"),
    cursor: findMeta(db.cache, "cursor"),
    pass: pass === null ? null : Pass.parse(JSON.parse(pass)),
    asOf: findMeta(db.cache, "as_of"),
  };
}

/**
 * Takes the server's epoch. Where it differs from the stored one, or the cursor is ahead of the
 * server, everything is fetched again: old rows stay readable, marked so that any revision replaces
 * them, and the end of the first pass sweeps those that did not come again. True when that was so.
 */
export function adoptEpoch(
  db: Writing,
  { epoch, snapshot }: { epoch: string; snapshot: string },
): boolean {
  return inTransaction(db.cache, () => {
    const known = findMeta(db.cache, "epoch");
    const cursor = findMeta(db.cache, "cursor");
    if (known === epoch && (cursor === null || !isAheadOf(cursor, snapshot))) return false;
    putMeta(db.cache, "epoch", epoch);
    beginAnew(db);
    return known !== null;
  });
}

/**
 * The server says that the cursor is ahead of it: it was restored, be it to the same epoch. Everything
 * is fetched again as after another epoch.
 */
export const leaveHistory = (db: Writing): void => inTransaction(db.cache, () => beginAnew(db));

function beginAnew(db: Writing): void {
  putMeta(db.cache, "cursor", null);
  putMeta(db.cache, "pass", null);
  for (const table of ["sessions", "messages"]) db.cache.exec(`update ${table} set rev = -1`);
  for (const table of ["access", "backfills", "tombstones", "told_messages", "told_sessions"]) {
    db.cache.exec(`delete from ${table}`);
  }
}

/**
 * Stores one page of `pull_since`. Its rows and the place where the pass goes on, or for the last
 * page the snapshot as the new cursor, are one transaction: no crash can leave a cursor ahead of
 * its rows.
 */
export function applyPage(
  db: Writing,
  {
    page,
    snapshot,
    serverTime,
    told,
  }: {
    page: unknown;
    snapshot: string;
    serverTime: string;
    /** How far realtime had told when this pass began; left out for a pass that was taken up again. */
    told?: number;
  },
): Applied<PullCursor> {
  const { rows, next } = decodeFeedPage(page, PullCursor);
  let purged = false;
  const applied = inTransaction(db.cache, () => {
    const first = findMeta(db.cache, "cursor") === null;
    const changed = storeRows(db, rows, (row) => !first || !isVisibleIn(snapshot, row.xid));
    if (next === null) {
      if (first) sweepFormerEpoch(db);
      if (told !== undefined) settleTold(db.cache, told);
      putMeta(db.cache, "cursor", snapshot);
      putMeta(db.cache, "pass", null);
      putMeta(db.cache, "as_of", serverTime);
    } else {
      const pass: Pass = { snapshot, serverTime, next };
      putMeta(db.cache, "pass", JSON.stringify(pass));
    }
    purged = rows.some(isErasure);
    return { next, rows: rows.length, changed };
  });
  // What was erased must not live on in the write-ahead log.
  if (purged) db.cache.pragma("wal_checkpoint(TRUNCATE)");
  return applied;
}

/** Stores one page of a backfill and where it goes on; the last page closes it. */
export function applySessionPage(
  db: Writing,
  { sessionId, page }: { sessionId: SessionId; page: unknown },
): Applied<SessionPullCursor> {
  const { rows, next } = decodeFeedPage(page, SessionPullCursor);
  return inTransaction(db.cache, () => {
    // Revoked while the page was on its way: the purge stands.
    const open = listBackfills(db).some((backfill) => backfill.sessionId === sessionId);
    if (!open) return { next: null, rows: 0, changed: { sessions: [], messages: [] } };
    const changed = storeRows(db, rows, () => false);
    if (next === null)
      statement(db.cache, "delete from backfills where session_id = ?").run(sessionId);
    else {
      statement(db.cache, "update backfills set after_seq = ? where session_id = ?").run(
        next.seq,
        sessionId,
      );
    }
    return { next, rows: rows.length, changed };
  });
}

/** Sessions that were granted and whose history is still to be fetched. */
export const listBackfills = (db: Reading): { sessionId: SessionId; afterSeq: number }[] =>
  statement<{ sessionId: SessionId; afterSeq: number }>(
    db.cache,
    "select session_id as sessionId, after_seq as afterSeq from backfills order by session_id",
  ).all();

/** Gives a backfill up: the server no longer shows the session, and the next pass will say why. */
export function dropBackfill(db: Writing, { sessionId }: { sessionId: SessionId }): void {
  statement(db.cache, "delete from backfills where session_id = ?").run(sessionId);
}

const isErasure = ({ kind, row }: FeedRow): boolean =>
  kind === "tombstone" ||
  (kind === "access" && !row.granted) ||
  ("deleted_at" in row && !!row.deleted_at);

function storeRows(
  db: Writing,
  rows: readonly FeedRow[],
  needsBackfill: (row: FeedRow) => boolean,
): Changed {
  const sessions = new Map<SessionId, AppointmentId>();
  const messages = new Set<SessionId>();
  // Told before a purge takes the answer away. One that was never here has no view to refresh.
  const tellOf = (sessionId: SessionId): void => {
    const appointmentId = findAppointmentOf(db, { sessionId });
    if (appointmentId !== null) sessions.set(sessionId, appointmentId);
    messages.add(sessionId);
  };
  for (const item of rows) {
    switch (item.kind) {
      case "session":
        if (storeSession(db, item.row)) sessions.set(item.row.id, item.row.appointment_id);
        break;
      case "message":
        if (storeMessage(db, item.row)) messages.add(item.row.session_id);
        break;
      case "access": {
        if (item.row.user_id !== db.userId) break;
        if (!item.row.granted) tellOf(item.row.session_id);
        const granted = storeAccess(db, item.row);
        if (granted && needsBackfill(item)) {
          askBackfill(db.cache, item.row.session_id);
        }
        break;
      }
      case "tombstone":
        if (item.row.session_id !== null) tellOf(item.row.session_id);
        applyTombstone(db.cache, item.row);
        break;
      case "recording": // shown by a later version, whose migration clears the cursor
        break;
    }
  }
  return {
    sessions: [...sessions].map(([sessionId, appointmentId]) => ({ sessionId, appointmentId })),
    messages: [...messages],
  };
}

/** Erases what a former epoch had and this one does not. */
function sweepFormerEpoch(db: Writing): void {
  const gone = statement<{ id: string }>(db.cache, "select id from sessions where rev = -1").all();
  for (const { id } of gone) purgeSession(db.cache, id);
  statement(db.cache, "delete from messages where rev = -1").run();
}
