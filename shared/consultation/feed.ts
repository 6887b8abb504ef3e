import { z } from "zod";
import { AppointmentId, SessionId, UserId } from "../model/ids.ts";
import { timestamp } from "../model/time.ts";
import { MessageRow, RecordingRow, SessionRow } from "./rows.ts";

/** What every row of the feed may carry besides its own columns. */
const stamped = { deleted_at: timestamp.nullish() };

export const AccessRow = z.object({
  user_id: UserId,
  session_id: SessionId,
  role: z.string(),
  granted: z.boolean(),
  expires_at: timestamp.nullish(),
  rev: z.int().optional(),
});
export type AccessRow = z.infer<typeof AccessRow>;

export const TombstoneRow = z.object({
  entity: z.string(),
  id: z.guid(),
  session_id: SessionId.nullable(),
});
export type TombstoneRow = z.infer<typeof TombstoneRow>;

const kinds = {
  session: SessionRow.extend(stamped),
  message: MessageRow.extend(stamped),
  recording: RecordingRow.extend(stamped),
  access: AccessRow,
  tombstone: TombstoneRow,
} as const;

type Kinds = typeof kinds;
export type FeedKind = keyof Kinds;

/** One row of the feed: what it is, the writer's transaction, and the row itself. */
export type FeedRow = {
  [K in FeedKind]: { kind: K; xid: string; id: string; row: z.infer<Kinds[K]> };
}[FeedKind];

export type FeedPage<Next> = { rows: FeedRow[]; next: Next | null };

/** Where the next page of `pull_since` goes on. */
export const PullCursor = z.object({
  xid: z.union([z.string(), z.int()]).transform(String),
  id: z.guid(),
});
export type PullCursor = z.infer<typeof PullCursor>;

/** Where the next page of `pull_session` goes on. */
export const SessionPullCursor = z.object({ seq: z.int().nonnegative() });
export type SessionPullCursor = z.infer<typeof SessionPullCursor>;

const Envelope = z.object({
  columns: z.record(z.string(), z.array(z.string())),
  rows: z.array(
    z.tuple([
      z.string(),
      z.union([z.string(), z.int()]).transform(String),
      z.string(),
      z.array(z.unknown()),
    ]),
  ),
  next: z.unknown(),
});

const isKind = (kind: string): kind is FeedKind => kind in kinds;

/**
 * Decodes one page of `pull_since` or `pull_session`. The page names its columns, so a server one
 * version older or newer still fits: unknown columns and unknown kinds are passed over, a missing
 * column that the product needs throws (it would otherwise be lost in silence).
 */
export function decodeFeedPage<Next>(page: unknown, cursor: z.ZodType<Next>): FeedPage<Next> {
  const { columns, rows, next } = Envelope.parse(page);
  const decoded: FeedRow[] = [];
  for (const [kind, xid, id, values] of rows) {
    if (!isKind(kind)) continue;
    const names = columns[kind];
    if (names === undefined) throw new Error(`feed page names no columns for ${kind}`);
    const row = Object.fromEntries(names.map((name, at) => [name, values[at]]));
    // The parse decides the row's type; TypeScript cannot follow the pairing through the map.
    decoded.push({ kind, xid, id, row: kinds[kind].parse(row) } as FeedRow);
  }
  return { rows: decoded, next: next === null || next === undefined ? null : cursor.parse(next) };
}

/** The answer of `sync_snapshot()`. */
export const SyncSnapshot = z.object({
  snapshot: z.string(),
  epoch: z.string(),
  schema_version: z.int(),
  server_time: timestamp,
});
export type SyncSnapshot = z.infer<typeof SyncSnapshot>;

/** A hint on `user:<uid>`: something of this user changed; what, is asked by query. */
export const UserHint = z.object({
  kind: z.string(),
  session_id: SessionId.nullish(),
  appointment_id: AppointmentId.nullish(),
});
export type UserHint = z.infer<typeof UserHint>;
