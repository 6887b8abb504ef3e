import { statement } from "#electron/cache/database.ts";
import { findMeta } from "#electron/cache/meta.ts";
import type { SessionId } from "#shared/model/ids.ts";
import { blobToUuid } from "#electron/cache/uuid-blob.ts";
import type { Reading, Writing } from "#electron/cache/stores.ts";
import { isVisible } from "./sim-feed.ts";
import { keyOf, nameOf, type SimServer, type Version } from "./sim-server.ts";

type LocalRow = {
  kind: "session" | "message" | "access";
  id: string;
  sessionId: string;
  rev: number;
  gone: boolean;
  words: string;
  more: string;
};

/** Everything in cache.db that came from the server. */
export function listLocal({ cache }: Pick<Reading, "cache">): LocalRow[] {
  const sessions = statement<Omit<LocalRow, "kind">>(
    cache,
    `select id, id as sessionId, rev, deleted_at is not null as gone, coalesce(notes, '') as words,
       status || ':' || last_seq as more from sessions`,
  ).all();
  const messages = statement<Omit<LocalRow, "kind" | "id"> & { id: Buffer }>(
    cache,
    `select m.id, k.id as sessionId, m.rev, m.deleted_at is not null as gone, m.content as words,
       (m.rid & 1048575) || ':' || (m.entered_in_error_at is not null) as more
     from messages m left join session_keys k on k.key = m.rid >> 20`,
  ).all();
  const access = statement<Omit<LocalRow, "kind">>(
    cache,
    `select session_id as id, session_id as sessionId, rev, granted = 0 as gone, '' as words,
       '' as more from access`,
  ).all();
  return [
    ...sessions.map((row) => ({ ...row, kind: "session" as const, gone: Boolean(row.gone) })),
    ...messages.map((row) => ({
      ...row,
      kind: "message" as const,
      id: blobToUuid(row.id),
      gone: Boolean(row.gone),
    })),
    ...access.map((row) => ({ ...row, kind: "access" as const, gone: Boolean(row.gone) })),
  ];
}

/** A row of the server as cache.db has to hold it. */
function expectedOf({ kind, id, sessionId, row }: Version): LocalRow | null {
  if (kind === "tombstone") return null;
  const gone = kind === "access" ? row["granted"] !== true : row["deleted_at"] !== null;
  const words = kind === "session" ? row["notes"] : kind === "message" && !gone && row["content"];
  const more = {
    session: `${String(row["status"])}:${String(row["last_seq"])}`,
    message: `${String(row["seq"])}:${row["entered_in_error_at"] === null ? 0 : 1}`,
    access: "",
  }[kind];
  return {
    kind,
    id,
    sessionId,
    rev: row.rev,
    gone,
    words: typeof words === "string" ? words : "",
    more,
  };
}

const show = (row: LocalRow): string =>
  `${row.kind} ${row.id} rev ${row.rev}${row.gone ? " gone" : ""} ${row.more} "${row.words}"`;

/** At rest: the cache holds exactly what row security shows, of a session out of use only its row. */
export function findDifferences(
  visible: readonly Version[],
  store: Pick<Reading, "cache">,
): string[] {
  const archived = new Set(
    visible.filter((v) => v.kind === "session" && v.row["deleted_at"] !== null).map((v) => v.id),
  );
  const isKept = ({ kind, sessionId }: Pick<LocalRow, "kind" | "sessionId">): boolean =>
    kind !== "message" || !archived.has(sessionId);
  const wanted = visible.flatMap((version) => expectedOf(version) ?? []).filter(isKept);
  // Of a session out of use no word may be left.
  const found = listLocal(store).filter((row) => isKept(row) || row.words !== "");
  const has = new Set(found.map(show));
  const wants = new Set(wanted.map(show));
  return [
    ...[...wants].filter((row) => !has.has(row)).map((row) => `missing: ${row}`),
    ...[...has].filter((row) => !wants.has(row)).map((row) => `too much: ${row}`),
  ];
}

/**
 * At any moment: no row that row security has never shown, and none of a session of which the store
 * knows that it is revoked. (After another grant, a page may bring rows ahead of their access.)
 */
export function findForbidden(server: SimServer, store: Writing): string[] {
  const local = listLocal(store);
  const isLast = ({ id, rev }: LocalRow) => server.find("access", id)?.row.rev === rev;
  const revoked = new Set(
    local.filter((row) => row.kind === "access" && row.gone && isLast(row)).map(({ id }) => id),
  );
  return local.flatMap((row) => {
    if (row.kind === "access") return [];
    const { kind, id, words } = row;
    const name = nameOf({
      kind,
      id,
      row: { rev: 0, notes: words, content: words, deleted_at: row.gone ? "" : null },
    });
    if (!server.shown.has(name)) return [`never shown: ${show(row)}`];
    return revoked.has(row.sessionId) ? [`revoked: ${show(row)}`] : [];
  });
}

/** At any moment: the cursor is not ahead of the rows. What it has seen is here, or is being fetched. */
export function findBehindCursor(server: SimServer, store: Writing): string[] {
  const cursor = findMeta(store.cache, "cursor");
  if (cursor === null || findMeta(store.cache, "epoch") !== server.epoch) return [];
  if (server.issued.get(cursor) !== server.generation) return [];
  const local = new Map(listLocal(store).map((row) => [keyOf(row.kind, row.id), row]));
  const names = (sql: string) =>
    new Set(
      statement<{ id: string }>(store.cache, sql)
        .all()
        .map(({ id }) => id),
    );
  const fetching = names("select session_id as id from backfills");
  const dead = names("select id from tombstones");
  const isSeen = (sessionId: SessionId): boolean => {
    const access = server.find("access", sessionId);
    return access !== undefined && isVisible(cursor, access.xid) && !fetching.has(sessionId);
  };
  return server.visible().flatMap((version) => {
    const { kind, id, sessionId, xid, row } = version;
    if (!isVisible(cursor, xid) || (kind !== "access" && !isSeen(sessionId))) return [];
    if (dead.has(id) || dead.has(sessionId)) return [];
    if (kind === "tombstone") return [`missed: tombstone of ${id}`];
    if (kind === "message" && local.get(keyOf("session", sessionId))?.gone === true) return [];
    const known = local.get(keyOf(kind, id))?.rev ?? null;
    return known !== null && known >= row.rev
      ? []
      : [`behind the cursor ${cursor}: ${kind} ${id} rev ${row.rev}, here ${known ?? "nothing"}`];
  });
}
