import { z } from "zod";
import { PullCursor } from "#shared/consultation/feed.ts";
import { ok, type Result } from "#shared/contract/fault.ts";
import type { Cache } from "#electron/cache/cache.ts";
import { FEED_START, type Changed } from "#electron/cache/feed.ts";
import { kindOf } from "./fault-kind.ts";
import type { RawPage, Remote } from "./remote-port.ts";

export type PullParts = {
  cache: Cache;
  remote: Remote;
  signal: AbortSignal;
  /** Rows of one page. */
  pageSize: number;
  /** Called after each stored page. */
  onChanged(changed: Changed): void;
  /** Called after each page of a pass that has more than one, with the rows so far. */
  onProgress(rows: number): void;
};

export type Pulled = {
  asOf: string;
  rows: number;
  /** The pass took up an older snapshot where it had stopped: another one is due. */
  resumed: boolean;
};

/** Only the place of the next page is read here; the rows are decoded on the writer thread. */
const Next = z.object({ next: PullCursor.nullish() });

/**
 * Runs one pass: everything that the server shows this user and that the last pass did not see is
 * stored, and then the pass's own snapshot becomes the cursor (S1, S2). What was stored before a
 * failure stays, and the next call goes on from there. Rejects only when the local store fails.
 */
export async function pull(parts: PullParts): Promise<Result<Pulled>> {
  const pulled = await pullOnce(parts);
  if (pulled.ok || pulled.fault !== "history_changed") return pulled;
  // S6: restored between the snapshot and a page. What is here stays readable while all comes again.
  await parts.cache.write("feed.leaveHistory", {});
  return pullOnce(parts);
}

async function pullOnce(parts: PullParts): Promise<Result<Pulled>> {
  const { cache, remote, signal } = parts;
  const told = await cache.read("told.serial", {});
  const found = await remote.snapshot(signal);
  if (!found.ok) return found;
  const { epoch, snapshot, serverTime } = found.value;
  await cache.write("feed.adoptEpoch", { epoch, snapshot });
  const state = await cache.read("feed.state", {});
  const pass = state.pass ?? { snapshot, serverTime, next: FEED_START };

  const ask = (after: PullCursor): Promise<Result<RawPage>> =>
    remote.pullSince({ prev: state.cursor, after, limit: parts.pageSize }, signal);

  let rows = 0;
  let asked: Promise<Result<RawPage>> | null = ask(pass.next);
  while (asked !== null) {
    const page = await asked;
    if (!page.ok) return page;
    const { next } = Next.parse(page.value);
    // S4: the next page is on its way while this one is written.
    asked = next ? ask(next) : null;
    const applied = await cache.write("feed.applyPage", {
      page: page.value,
      snapshot: pass.snapshot,
      serverTime: pass.serverTime,
      // S20: only a snapshot that is younger than what was told can say that it was not so.
      ...(state.pass === null && { told }),
    });
    rows += applied.rows;
    parts.onChanged(applied.changed);
    if (asked !== null) parts.onProgress(rows);
  }

  const filled = await backfill(parts);
  if (!filled.ok) return filled;
  return ok({ asOf: pass.serverTime, rows, resumed: state.pass !== null });
}

/** Fetches the history of sessions that were granted since the last pass (S8). */
async function backfill(parts: PullParts): Promise<Result<void>> {
  const { cache, remote, signal } = parts;
  for (const { sessionId, afterSeq } of await cache.read("feed.backfills", {})) {
    let next: number | null = afterSeq;
    while (next !== null) {
      const page = await remote.pullSession(
        { sessionId, afterSeq: next, limit: parts.pageSize },
        signal,
      );
      if (!page.ok) {
        if (kindOf(page.fault) !== "last_word") return page;
        await cache.write("feed.dropBackfill", { sessionId });
        break;
      }
      const applied = await cache.write("feed.applySessionPage", { sessionId, page: page.value });
      parts.onChanged(applied.changed);
      next = applied.next?.seq ?? null;
    }
  }
  return ok(undefined);
}
