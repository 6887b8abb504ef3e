import { statSync } from "node:fs";
import type { QueryOut } from "#shared/contract/bridge.ts";
import { CacheLimits } from "#shared/contract/queries.ts";
import type { AppointmentId, SessionId } from "#shared/model/ids.ts";
import type { LocalFile } from "#db/cache/migrations.ts";
import { inTransaction, statement, type Readable } from "./database.ts";
import { purgeSession } from "./feed-rows.ts";
import { findMeta, putMeta } from "./meta.ts";
import type { CommandArgs, Reading, Writing } from "./stores.ts";
import { fromMsOrNull } from "./time.ts";

const DAY_MS = 86_400_000;
/** Every past consultation can be read without network, as long as the disk is not asked too much. */
const DEFAULT: CacheLimits = { maxBytes: 4 * 2 ** 30, maxAgeDays: null };

/** The limits lie beside the outbox, which outlives a rebuilt copy. */
export function getLimits(db: Reading): CacheLimits {
  const kept = findMeta(db.outbox, "limits");
  return kept === null ? DEFAULT : CacheLimits.parse(JSON.parse(kept));
}

/** Sets the limits. What had left comes back with the next pass, as far as it fits now. */
export function setLimits(db: Writing, limits: CommandArgs<"cache.limit">): void {
  putMeta(db.outbox, "limits", JSON.stringify(limits));
  inTransaction(db.cache, () => {
    db.cache.exec(`
      insert or ignore into backfills (session_id, after_seq)
        select id, 0 from tombstones where entity = 'departed';
      delete from tombstones where entity = 'departed'`);
  });
}

const pragma = (db: Readable<LocalFile>, name: string): number =>
  db.pragma(name, { simple: true }) as number;

/** What the rows take; pages that a purge has freed are used again before the file grows. */
const usedBytes = (db: Readable<"cache">): number =>
  (pragma(db, "page_count") - pragma(db, "freelist_count")) * pragma(db, "page_size");

const sizeOf = (db: Readable<LocalFile>): number => statSync(db.name).size;

/** What the local copy holds and takes, and what it may. */
export function getStats(db: Reading): QueryOut<"cache.stats"> {
  const count = (sql: string): number =>
    statement<{ n: number }>(db.cache, `select count(*) as n from ${sql}`).get()?.n ?? 0;
  const oldest = statement<{ at: number | null }>(
    db.cache,
    "select min(started_at) as at from sessions where deleted_at is null",
  ).get();
  return {
    fileBytes: sizeOf(db.cache),
    usedBytes: usedBytes(db.cache),
    outboxBytes: sizeOf(db.outbox),
    sessions: count("sessions where deleted_at is null"),
    // One small row for each message: counting the messages themselves reads all of their words.
    messages: count("message_index_docsize"),
    departed: count("tombstones where entity = 'departed'"),
    oldestAt: fromMsOrNull(oldest?.at ?? null),
    limits: getLimits(db),
  };
}

export type Departed = { sessionId: SessionId; appointmentId: AppointmentId };

/**
 * Lets the oldest ended sessions leave until the limits are kept, at most so many at once (S24). One
 * with unsent work or a draft stays, and so does every live one. What left is remembered, so that no
 * page brings a part of it back.
 */
export function trimCache(db: Writing, { most }: { most: number }): Departed[] {
  const { maxBytes, maxAgeDays } = getLimits(db);
  const oldest = maxAgeDays === null ? null : Date.now() - maxAgeDays * DAY_MS;
  // A first pass that is under way still brings what would be trimmed.
  if (findMeta(db.cache, "cursor") === null) return [];
  const left: Departed[] = [];
  while (left.length < most) {
    const isFull = usedBytes(db.cache) > maxBytes;
    if (!isFull && oldest === null) break;
    const next = findOldest(db, isFull ? null : oldest);
    if (next === null) break;
    inTransaction(db.cache, () => {
      purgeSession(db.cache, next.sessionId);
      statement(
        db.cache,
        "insert or ignore into tombstones (entity, id) values ('departed', ?)",
      ).run(next.sessionId);
    });
    left.push(next);
  }
  return left;
}

function findOldest(db: Writing, startedBefore: number | null): Departed | null {
  const busy = statement<{ id: string }>(
    db.outbox,
    `select session_id as id from messages
     union select session_id from session_ends union select session_id from drafts`,
  ).all();
  return (
    statement<Departed>(
      db.cache,
      `select id as sessionId, appointment_id as appointmentId from sessions
       where deleted_at is null and status = 'ended' and started_at < coalesce(?, started_at + 1)
         and id not in (select value from json_each(?))
       order by started_at, id limit 1`,
    ).get(startedBefore, JSON.stringify(busy.map(({ id }) => id))) ?? null
  );
}
