import { randomBytes } from "node:crypto";
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { openCache, type CacheOptions } from "#electron/cache/cache.ts";
import { clinicPages, DOCTOR, listPatients } from "../lib/clinic-rows.ts";
import type { Dialogues } from "../lib/dialogues.ts";
import type { Run } from "../lib/run.ts";

/** Rows of a page, as the sync engine asks for them. */
export const PAGE_SIZE = 2_000;
/** The youngest sessions are live, so that a message can be sent. */
export const LIVE_SESSIONS = 5;
const MESSAGES_PER_SESSION = 100;

/**
 * Builds the worker's entry as the app ships it and returns its address: unbuilt sources would add
 * the stripping of their types to each start of a thread.
 */
export async function buildWorker(run: Run): Promise<URL> {
  // Inside the project, where the native driver is found; one folder per run.
  const outDir = fileURLToPath(new URL(`../../out/bench-${process.pid}/`, import.meta.url));
  run.onEnd(() => rmSync(outDir, { recursive: true, force: true }));
  await build({
    configFile: false,
    logLevel: "error",
    build: {
      outDir,
      ssr: fileURLToPath(new URL("../../electron/cache/worker.ts", import.meta.url)),
      rollupOptions: { external: ["better-sqlite3"], output: { entryFileNames: "worker.js" } },
    },
    ssr: { noExternal: true, external: ["better-sqlite3"] },
  });
  return new URL("worker.js", `file://${outDir}`);
}

export type BuiltStore = {
  options: CacheOptions;
  messages: number;
  rowsPerSecond: number;
  /** The same rows as lines of JSON. */
  jsonBytes: number;
};

/** Fills a store through the product's own writer thread, page by page as a first pull does. */
export async function buildStore(
  run: Run,
  workerUrl: URL,
  dialogues: Dialogues,
): Promise<BuiltStore> {
  const { sessions } = run.size;
  const folder = join(run.folder, "store");
  const options: CacheOptions = { folder, userId: DOCTOR, key: randomBytes(32), workerUrl };
  const cache = await openCache(options);
  try {
    await cache.write("calendar.replace", {
      from: "2024-01-01T00:00:00Z",
      to: "2024-01-02T00:00:00Z",
      appointments: [],
      people: listPatients(),
      asOf: "2024-01-01T00:00:00Z",
    });
    const total = sessions * MESSAGES_PER_SESSION;
    const pass = { snapshot: "1000000:1000000:", serverTime: "2026-01-01T00:00:00Z" };
    let rows = 0;
    let jsonBytes = 0;
    let ms = 0;
    for (const page of clinicPages(0, sessions, PAGE_SIZE, {
      turns: dialogues.turns,
      liveFrom: sessions - LIVE_SESSIONS,
    })) {
      jsonBytes += Buffer.byteLength(JSON.stringify(page.rows));
      const start = performance.now();
      const applied = await cache.write("feed.applyPage", { page, ...pass });
      ms += performance.now() - start;
      rows += applied.rows;
      run.progress("filling the local store", rows, total);
    }
    return {
      options,
      messages: total,
      rowsPerSecond: (rows / ms) * 1_000,
      jsonBytes,
    };
  } finally {
    await cache.close();
  }
}

/** Bytes of cache.db with its log. */
export const storeBytes = (folder: string): number =>
  ["cache.db", "cache.db-wal"].reduce(
    (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );

/** Whether the write-ahead log is empty. */
export const isLogEmpty = (folder: string): boolean => {
  const file = statSync(join(folder, "cache.db-wal"), { throwIfNoEntry: false });
  return file === undefined || file.size === 0;
};
