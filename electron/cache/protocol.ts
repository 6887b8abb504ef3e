import type { CacheErrorCode } from "./cache-error.ts";
import type { MigrationProgress } from "./migrate.ts";
import type { StoreOptions } from "./store.ts";

/** What a worker thread is started with. */
export type WorkerStart = StoreOptions & { role: "writer" | "reader" | "checker" };

/** From the client to a worker; one call at a time, so that waiting calls can still be cancelled. */
export type ToWorker = "open" | { call: string; args: unknown } | "close";

/** From a worker to the client: one for each message to it, and before it how far an open is. */
export type FromWorker =
  | { migrating: MigrationProgress }
  | { ok: true; value: unknown }
  | { ok: false; code: CacheErrorCode; message: string };
