import { makePage } from "#electron/cache/testing/test-store.ts";
import type { SessionId } from "#shared/model/ids.ts";
import { doctor, type Attempt, type SimServer, type Version } from "./sim-server.ts";

// `pull_since` and `pull_session` of db/schema/52-feed.sql.

type Position = { xid: string; id: string };
const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

const seqOf = ({ row }: Version): number => Number(row["seq"]);

const compare = (a: Version, b: Version): number =>
  a.xid - b.xid || Number(a.id > b.id) - Number(a.id < b.id);

const toPage = (found: Version[], next: Parameters<typeof makePage>[1]): unknown =>
  makePage(
    found.map(({ kind, id, xid, row }) => ({ kind, id, row, xid: String(xid) })),
    next,
  );

export function isVisible(snapshot: string, xid: number): boolean {
  const [xmin = "0", xmax = "0", running = ""] = snapshot.split(":");
  if (xid < Number(xmin)) return true;
  return xid < Number(xmax) && !running.split(",").includes(String(xid));
}

/** What the feed shows of a row, by the role in which the user sees its session. */
function isFed(server: SimServer, { kind, sessionId, row }: Version, horizon: number): boolean {
  if (kind === "access") return true;
  if (!server.mayRead(sessionId) || kind === "tombstone") return server.mayRead(sessionId);
  if (server.find("access", sessionId)?.row["owner"] === true) return row["doctor_id"] === doctor;
  // Whoever is not the clinician finds rows by the sessions that changed.
  const session = server.find("session", sessionId);
  return session !== undefined && session.xid >= horizon;
}

export function answerPullSince(
  server: SimServer,
  { prev, after, limit }: { prev: string | null; after: Position; limit: number },
): Attempt<unknown> | { ok: false; failure: "ahead" } {
  const [xmin, xmax] = (prev ?? "0:0:").split(":").map(Number) as [number, number];
  if (xmax > server.nextXid) return { ok: false, failure: "ahead" };
  const skipped = Number(after.xid) < xmin;
  const from = { xid: skipped ? xmin - 1 : Number(after.xid), id: skipped ? LAST_ID : after.id };
  const found = [...server.rows.values()]
    .filter(({ xid, id }) => xid > from.xid || (xid === from.xid && id > from.id))
    .filter(({ xid }) => prev === null || !isVisible(prev, xid))
    .filter((version) => isFed(server, version, xmin))
    .toSorted(compare);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  // Rows that tie on (xid, id) stay on one page.
  if (last) rows.push(...found.slice(limit).filter((row) => compare(row, last) === 0));
  const more = last !== undefined && rows.length >= limit;
  const next = more ? { xid: String(last.xid), id: last.id } : null;
  return { ok: true, value: toPage(rows, next) };
}

export function answerPullSession(
  server: SimServer,
  { sessionId, afterSeq, limit }: { sessionId: SessionId; afterSeq: number; limit: number },
): Attempt<unknown> {
  if (!server.mayRead(sessionId)) {
    return { ok: false, failure: server.find("session", sessionId) ? "refused" : "not_found" };
  }
  const messages = server
    .list("message", sessionId)
    .filter((message) => seqOf(message) > afterSeq)
    .toSorted((a, b) => seqOf(a) - seqOf(b))
    .slice(0, limit);
  const kinds = ["session", "access", "tombstone"] as const;
  const beside = afterSeq > 0 ? [] : kinds.flatMap((kind) => server.list(kind, sessionId));
  const last = messages.at(-1);
  const next = messages.length >= limit && last !== undefined ? { seq: seqOf(last) } : null;
  return { ok: true, value: toPage([...beside, ...messages], next) };
}
