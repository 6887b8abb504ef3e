import { CacheError } from "./cache-error.ts";
import { markDamaged, type Soundness } from "./damage.ts";
import type { MigrationProgress } from "./migrate.ts";
import type { Reads } from "./reads.ts";
import type { StoreOptions } from "./store.ts";
import { WorkerClient } from "./worker-client.ts";
import type { Writes } from "./writes.ts";

type Rest<Run> = Run extends (db: never, ...rest: infer R) => unknown ? R : never;
type ArgsOf<Run> = Rest<Run> extends [infer Args, ...unknown[]] ? Args : Record<string, never>;
type ValueOf<Run> = Run extends (...args: never[]) => infer Value ? Value : never;

export type ReadName = keyof Reads;
export type ReadArgs<N extends ReadName> = ArgsOf<Reads[N]>;
export type ReadValue<N extends ReadName> = ValueOf<Reads[N]>;
export type WriteName = keyof Writes;
export type WriteArgs<N extends WriteName> = ArgsOf<Writes[N]>;
export type WriteValue<N extends WriteName> = ValueOf<Writes[N]>;

/**
 * One signed-in user's local store, as the main thread sees it: it never touches SQLite itself.
 * Every method rejects with a CacheError and with nothing else.
 */
export interface Cache {
  /** Answers from cache ∪ outbox, on the reader thread. */
  read<N extends ReadName>(name: N, args: ReadArgs<N>, signal?: AbortSignal): Promise<ReadValue<N>>;
  /** Runs on the writer thread; when it resolves, the write is as durable as its file promises. */
  write<N extends WriteName>(name: N, args: WriteArgs<N>): Promise<WriteValue<N>>;
  /** Waits for every call that was made before, then closes the files and gives the folder free. */
  close(): Promise<void>;
}

export type CacheOptions = StoreOptions & {
  /** The worker's entry: `cache-worker.js` beside the built main, `worker.ts` itself in tests. */
  workerUrl: URL;
  /** Hears how far a migration of many rows is, while the store opens. */
  onMigrating?: (progress: MigrationProgress) => void;
};

/**
 * Opens the user's store, making it where there is none. Rejects with a CacheError: `locked`,
 * `wrong_key`, `corrupt` (open again with `repair`), `outbox_corrupt` (likewise), `other_user`,
 * `newer`, `disk_full`.
 *
 * @example
 * const cache = await openCache({ folder, userId, key, workerUrl });
 * const { items } = await cache.read("sessions.list", { limit: 50, before: null });
 */
export async function openCache({
  workerUrl,
  onMigrating,
  ...options
}: CacheOptions): Promise<Cache> {
  const writer = new WorkerClient(workerUrl, { ...options, role: "writer" }, onMigrating);
  const reader = new WorkerClient(workerUrl, { ...options, role: "reader" });
  const close = async (): Promise<void> => {
    await reader.close();
    await writer.close();
  };
  try {
    // The writer first: it holds the lock, and makes and migrates the files.
    await writer.open();
    await reader.open();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    read: (name, args, signal) =>
      reader.call(name, args, signal) as Promise<ReadValue<typeof name>>,
    write: (name, args) => {
      // What a person does overtakes the pages of a pull.
      const urgent = !name.startsWith("feed.") && !name.startsWith("calendar.");
      return writer.call(name, args, undefined, urgent) as Promise<WriteValue<typeof name>>;
    },
    close,
  };
}

/**
 * Looks through cache.db for damage, on a thread of its own beside the open store, for about so long.
 * What is damaged is marked, and rebuilt by the next open with `repair`. An aborted one ends at once.
 */
export async function checkCache(
  { workerUrl, ...options }: Omit<CacheOptions, "onMigrating">,
  budgetMs: number,
  signal: AbortSignal,
): Promise<Soundness> {
  const checker = new WorkerClient(workerUrl, { ...options, role: "checker" });
  const stop = (): void => void checker.terminate();
  signal.addEventListener("abort", stop);
  try {
    await checker.open();
    const found = (await checker.call("check", { budgetMs })) as Soundness;
    if (found === "damaged") markDamaged(options.folder);
    return found;
  } catch (error) {
    if (error instanceof CacheError && error.code === "corrupt") return "damaged";
    if (signal.aborted) return "partly";
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
    await checker.close();
  }
}
