import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { LocalFile } from "#db/cache/migrations.ts";
import type { UserId } from "#shared/model/ids.ts";
import { CacheError, isCorruption, toCacheError } from "./cache-error.ts";
import { inTransaction, openReadable, openWritable, statement, type Writable } from "./database.ts";
import { clearDamage, isMarkedDamaged, isSound } from "./damage.ts";
import { checkKey } from "./key-check.ts";
import { lockFolder } from "./lock.ts";
import { findMeta, putMeta } from "./meta.ts";
import { migrate, type MigrationProgress } from "./migrate.ts";
import { requeueSending } from "./outbox-messages.ts";
import type { Reading, Unsafe, Writing } from "./stores.ts";

export type StoreOptions = {
  /** One folder per signed-in user. */
  folder: string;
  userId: UserId;
  /** 32 random bytes; kept outside the folder by the caller. */
  key: Uint8Array;
  /** Throws a damaged cache.db away and begins a new one; saves what can be read of a damaged outbox.db. */
  repair?: boolean;
  unsafe?: Unsafe;
};

const pathOf = (folder: string, file: LocalFile): string => join(folder, `${file}.db`);

const keyOf = ({ key, unsafe }: StoreOptions): Buffer | null =>
  unsafe?.encryption === false ? null : Buffer.from(key);

export type OpenStore<Store> = { store: Store; close(): void };

/** Opens both files for the writer thread: lock, key, migrations, owner. Throws a CacheError. */
export function openForWriting(
  options: StoreOptions,
  onMigrating?: (progress: MigrationProgress) => void,
): OpenStore<Writing> {
  const { folder, userId } = options;
  if (options.key.length !== 32) throw new CacheError("wrong_key", "the key must have 32 bytes");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = lockFolder(folder);
  const opened: { close(): unknown }[] = [];
  const close = (): void => {
    for (const db of opened.toReversed()) db.close();
    lock.release();
  };
  try {
    const key = keyOf(options);
    if (key !== null) checkKey(folder, key);
    const outbox = openFile(options, "outbox", onMigrating);
    opened.push(outbox);
    const cache = openFile(options, "cache", onMigrating);
    opened.push(cache);
    const store: Writing = { cache, outbox, userId, unsafe: options.unsafe ?? {} };
    for (const db of [outbox, cache]) claim(db, userId);
    requeueSending(store);
    return { store, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Opens cache.db for the thread that looks through it, beside the other two. Throws a CacheError. */
export function openForChecking(options: StoreOptions): OpenStore<Reading["cache"]> {
  const { folder } = options;
  const store = openReadable({ path: pathOf(folder, "cache"), file: "cache", key: keyOf(options) });
  return { store, close: () => void store.close() };
}

/** Opens both files for the reader thread, after the writer has made them. Throws a CacheError. */
export function openForReading(options: StoreOptions): OpenStore<Reading> {
  const { folder, userId } = options;
  const key = keyOf(options);
  const cache = openReadable({ path: pathOf(folder, "cache"), file: "cache", key });
  const outbox = openReadable({ path: pathOf(folder, "outbox"), file: "outbox", key });
  return {
    store: { cache, outbox, userId },
    close: () => {
      cache.close();
      outbox.close();
    },
  };
}

function openFile<File extends LocalFile>(
  options: StoreOptions,
  file: File,
  onMigrating?: (progress: MigrationProgress) => void,
): Writable<File> {
  const path = pathOf(options.folder, file);
  const isMarked = file === "cache" && isMarkedDamaged(options.folder);
  const open = (): Writable<File> => {
    const db = openWritable({ path, file, key: keyOf(options) });
    try {
      migrate(db, file, undefined, onMigrating);
      // The outbox is small and cannot be fetched again: look at all of it.
      if (file === "outbox") checkPages(db);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  };
  try {
    if (isMarked) throw corruption();
    return open();
  } catch (error) {
    if (!isCorruption(error) || options.repair !== true) throw toCacheError(error, file);
  }
  const aside = `${path}.damaged`;
  for (const end of ["", "-wal", "-shm"]) {
    rmSync(aside + end, { force: true });
    try {
      renameSync(path + end, aside + end);
    } catch {
      // The log files need not exist.
    }
  }
  const fresh = open();
  if (isMarked) clearDamage(options.folder);
  if (file === "outbox") salvage(options, aside, fresh as Writable<"outbox">);
  else for (const end of ["", "-wal", "-shm"]) rmSync(aside + end, { force: true });
  return fresh;
}

const corruption = () => Object.assign(new Error("quick_check"), { code: "SQLITE_CORRUPT" });

function checkPages(db: Writable<LocalFile>): void {
  if (!isSound(db, null)) throw corruption();
}

/** Copies what can still be read of a damaged outbox, row by row; the damaged file stays beside it. */
function salvage(options: StoreOptions, path: string, outbox: Writable<"outbox">): void {
  let damaged;
  try {
    damaged = openReadable({ path, file: "outbox", key: keyOf(options) });
  } catch {
    return;
  }
  for (const table of ["meta", "messages", "session_ends", "drafts"]) {
    try {
      for (const row of statement<Record<string, unknown>>(
        damaged,
        `select * from ${table}`,
      ).iterate()) {
        const names = Object.keys(row);
        statement(
          outbox,
          `insert or ignore into ${table} (${names.join(", ")}) values (${names.map(() => "?").join(", ")})`,
        ).run(...Object.values(row));
      }
    } catch (error) {
      if (!isCorruption(error)) throw error;
    }
  }
  damaged.close();
}

/** Writes the owner into a new file, and refuses a file of somebody else. */
function claim(db: Writable<LocalFile>, userId: UserId): void {
  inTransaction(db, () => {
    const owner = findMeta(db, "user_id");
    if (owner === null) putMeta(db, "user_id", userId);
    else if (owner !== userId) throw new CacheError("other_user", "the folder is somebody else's");
  });
}
