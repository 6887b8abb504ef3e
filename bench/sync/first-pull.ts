import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { openCache, type Cache } from "#electron/cache/cache.ts";
import { startSync, type SyncEngine, type SyncEvents } from "#electron/sync/engine.ts";
import { watchIdleLoop, watchLoop } from "../lib/idle-loop.ts";
import { row, type Row } from "../lib/results.ts";
import type { Run } from "../lib/run.ts";
import { PAGE_SIZE } from "../cache/build-store.ts";
import { bareCall, BENCH_DOCTOR, openRemote } from "./bench-remote.ts";
import type { ServerProcess } from "./server-process.ts";

const ignore = (): void => undefined;
export const quiet: SyncEvents = {
  onState: ignore,
  onAppointments: ignore,
  onSession: ignore,
  onMessages: ignore,
  onBug: (error) => {
    throw error;
  },
};

/** Waits for a sync that has seen everything. */
export async function caughtUp(run: Run, engine: SyncEngine): Promise<void> {
  for (;;) {
    const { asOf, pulling, fault } = engine.state();
    if (fault !== null) throw new Error(`the sync stopped: ${fault.code}`);
    if (asOf !== null && pulling === null) return;
    run.progress("first pull", pulling?.rows ?? 0, run.size.syncSessions * 102);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The first pull of a new machine by the product's engine, beside bare requests for the same pages. */
export async function measureFirstPull(
  run: Run,
  server: ServerProcess,
  workerUrl: URL,
): Promise<{ cache: Cache; rows: Row[] }> {
  const bare = await pullBare(run, server);
  const cache = await openCache({
    folder: join(run.folder, "synced"),
    userId: BENCH_DOCTOR,
    key: randomBytes(32),
    workerUrl,
  });
  run.onEnd(() => cache.close());

  const idle = await watchIdleLoop();
  const own = watchLoop();
  const cpu = process.cpuUsage();
  const start = performance.now();
  const engine = startSync({ cache, remote: openRemote(server, 0).remote, events: quiet });
  let usableMs = Number.NaN;
  try {
    const done = caughtUp(run, engine);
    usableMs = await untilAllAreListed(run, cache, start, done);
    await done;
  } finally {
    await engine.stop();
  }
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  const stall = own.stop();
  const limit = await idle.stop();
  const what = "bare fetch of the same pages, text not parsed";
  return {
    cache,
    rows: [
      row({
        goal: "initial sync",
        target: { is: "at least", value: 20_000, unit: "rows/s" },
        measured: (bare.rows / ms) * 1_000,
        limit: { what, value: (bare.rows / bare.ms) * 1_000 },
        note: `${bare.rows} rows; ${Math.round(bare.rows / ((user + system) / 1e6))} rows for each second of this process's processor time`,
      }),
      row({
        goal: `all ${run.size.syncSessions.toLocaleString("en-US")} consultations listed on a new machine`,
        target: { is: "at most", value: 1_000, unit: "ms" },
        measured: usableMs,
        limit: { what, value: bare.ms },
        note: "the goal is for 10,000; the feed brings consultations among their messages, in the order of their last change",
      }),
      row({
        goal: "main loop's worst stall in each 100 ms of an initial sync",
        target: { is: "at most", value: 8, unit: "ms" },
        measured: stall,
        limit: { what: "a process that idles beside it", value: limit },
        note: "a page is parsed on the main thread and copied to the writer's",
      }),
    ],
  };
}

async function pullBare(run: Run, server: ServerProcess): Promise<{ rows: number; ms: number }> {
  let after = { xid: "0", id: "00000000-0000-0000-0000-000000000000" };
  let rows = 0;
  let ms = 0;
  for (;;) {
    const start = performance.now();
    const page = await bareCall(server, "pull_since", {
      p_prev: null,
      p_after_xid: after.xid,
      p_after_id: after.id,
      p_limit: PAGE_SIZE,
    });
    ms += performance.now() - start;
    // Parsed outside of the time, to know how many rows came and where to go on.
    const found = JSON.parse(page) as { rows: unknown[]; next: typeof after | null };
    rows += found.rows.length;
    run.progress("bare requests", rows, run.size.syncSessions * 102);
    if (found.next === null) return { rows, ms };
    after = found.next;
  }
}

/** When the newest consultations, which the feed brings last, are in the list without a gap. */
async function untilAllAreListed(
  run: Run,
  cache: Cache,
  start: number,
  done: Promise<void>,
): Promise<number> {
  let ended = false;
  void done.finally(() => (ended = true)).catch(ignore);
  const { syncSessions } = run.size;
  const limit = Math.min(200, syncSessions);
  const oldestOfPage = Date.UTC(2024, 0, 1) + (syncSessions - limit) * 3_600_000;
  for (;;) {
    const last = ended;
    const { items } = await cache.read("sessions.list", { limit, before: null });
    const oldest = Date.parse(items.at(-1)?.startedAt ?? "");
    if (items.length === limit && oldest === oldestOfPage) return performance.now() - start;
    if (last) throw new Error("the first pull ended without all consultations");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
