import type { CacheErrorCode } from "./cache-error.ts";
import type { StoreOptions } from "./store.ts";

/** What a worker thread is started with. */
export type WorkerStart = StoreOptions & { role: "writer" | "reader" };

/** From the client to a worker; one call at a time, so that waiting calls can still be cancelled. */
export type ToWorker = "open" | { call: string; args: unknown } | "close";

/** From a worker to the client: one for each message to it. */
export type FromWorker =
  { ok: true; value: unknown } | { ok: false; code: CacheErrorCode; message: string };
