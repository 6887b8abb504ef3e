import Sqlite from "better-sqlite3";
import type { LocalFile } from "#db/cache/migrations.ts";
import { toCacheError } from "#electron/cache/cache-error.ts";
import type { Writable } from "#electron/cache/database.ts";
import { fold } from "#electron/cache/fold.ts";
import { putMeta } from "#electron/cache/meta.ts";
import { migrate } from "#electron/cache/migrate.ts";
import { requeueSending } from "#electron/cache/outbox-messages.ts";
import { reads } from "#electron/cache/reads.ts";
import type { Unsafe, Writing } from "#electron/cache/stores.ts";
import { writes } from "#electron/cache/writes.ts";
import { doctor } from "./sim-server.ts";

// The two local files without a disk: the product's own layout and statements on SQLite in memory,
// so that a schedule costs milliseconds. What a crash leaves behind is an image of the database.

function open<File extends LocalFile>(image: Buffer | ":memory:"): Writable<File> {
  const db = new Sqlite(image) as unknown as Writable<File>;
  db.pragma("foreign_keys = ON");
  db.pragma("trusted_schema = ON");
  db.function("fold", { deterministic: true }, (text: unknown) => fold(String(text)));
  return db;
}

const empty = new Map<LocalFile, Buffer>();
/** A migrated file that nobody has written to. */
function emptyImage(file: LocalFile): Buffer {
  let image = empty.get(file);
  if (image === undefined) {
    const db = open(":memory:");
    migrate(db, file);
    putMeta(db, "user_id", doctor);
    empty.set(file, (image = db.serialize()));
    db.close();
  }
  return image;
}

type Statements = Record<string, (store: Writing, args: unknown) => unknown>;

/** Where a kill falls inside a statement: before its first write to the named file. */
export type Tear = LocalFile | null;

export class MemoryStore {
  store: Writing;
  #synced: Buffer;
  readonly #unsafe: Unsafe;

  constructor(unsafe: Unsafe) {
    this.#unsafe = unsafe;
    this.#synced = emptyImage("cache");
    this.store = {
      cache: open<"cache">(this.#synced),
      outbox: open<"outbox">(emptyImage("outbox")),
      userId: doctor,
      unsafe,
    };
  }

  read(name: string, args: unknown): unknown {
    return this.#run(reads as unknown as Statements, name, args);
  }

  /** Runs a write; with a tear, the file named takes no write any more, as when the process dies there. */
  write(name: string, args: unknown, tear: Tear = null): unknown {
    if (tear === null) return this.#run(writes as unknown as Statements, name, args);
    this.store[tear].pragma("query_only = ON");
    try {
      return this.#run(writes as unknown as Statements, name, args);
    } finally {
      this.store[tear].pragma("query_only = OFF");
    }
  }

  /** The system writes cache.db out: what is there now outlives a power cut. */
  sync(): void {
    this.#synced = this.store.cache.serialize();
  }

  /** The power goes: cache.db (synchronous NORMAL) loses what was not written out, outbox.db nothing. */
  cutPower(): void {
    this.store.cache.close();
    this.store = { ...this.store, cache: open<"cache">(this.#synced) };
  }

  /** What opening the files does at the start of a process. */
  start(): void {
    requeueSending(this.store);
  }

  close(): void {
    this.store.cache.close();
    this.store.outbox.close();
  }

  #run(statements: Statements, name: string, args: unknown): unknown {
    const statement = statements[name];
    if (statement === undefined) throw new Error(`no statement ${name}`);
    try {
      return statement({ ...this.store, unsafe: this.#unsafe }, args);
    } catch (error) {
      throw toCacheError(error, "cache");
    }
  }
}
