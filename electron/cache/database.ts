import Sqlite from "better-sqlite3";
import type { LocalFile } from "#db/cache/migrations.ts";
import { fold } from "./fold.ts";

declare const readable: unique symbol;
declare const writable: unique symbol;

/** A connection that may only read one of the two files; the compiler keeps them apart. */
export type Readable<File extends LocalFile> = Sqlite.Database & { [readable]: File };
/** The one connection that may write the file. Can be given wherever reading is asked for. */
export type Writable<File extends LocalFile> = Readable<File> & { [writable]: File };

export type DatabaseOptions = {
  path: string;
  file: LocalFile;
  /** The raw data key; null writes plain text, for the test that shows what encryption hides. */
  key: Buffer | null;
};

export const openWritable = <File extends LocalFile>(
  options: DatabaseOptions & { file: File },
): Writable<File> => {
  const db = open(options) as Writable<File>;
  // A cached row that a power cut takes comes again from the server; an unsent one would not.
  db.pragma(`synchronous = ${options.file === "outbox" ? "FULL" : "NORMAL"}`);
  db.pragma("secure_delete = ON");
  return db;
};

/** Opens a file that the writer has made and migrated already. */
export const openReadable = <File extends LocalFile>(
  options: DatabaseOptions & { file: File },
): Readable<File> => {
  const db = open(options) as Readable<File>;
  db.pragma("query_only = ON");
  return db;
};

function open({ path, key }: DatabaseOptions): Sqlite.Database {
  const db = new Sqlite(path, { timeout: 2_000 });
  try {
    if (key !== null) {
      db.pragma("cipher = 'sqlcipher'");
      db.pragma(`key = "x'${key.toString("hex")}'"`);
    }
    // The first read of the file: a wrong key or a damaged header shows here.
    db.pragma("user_version");
    db.pragma("journal_mode = WAL");
    // Sorting and statement journals would otherwise go to unencrypted files.
    db.pragma("temp_store = MEMORY");
    db.pragma("foreign_keys = ON");
    db.pragma("trusted_schema = ON");
    db.pragma("wal_autocheckpoint = 10000");
    db.pragma("cache_size = -32768");
    db.function("fold", { deterministic: true }, (text: unknown) => fold(String(text)));
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

const prepared = new WeakMap<Sqlite.Database, Map<string, Sqlite.Statement<unknown[]>>>();

/** A statement of this connection, compiled once. The caller names the row that it selects. */
export function statement<Row = unknown>(
  db: Readable<LocalFile>,
  sql: string,
): Sqlite.Statement<unknown[], Row> {
  let statements = prepared.get(db);
  if (statements === undefined) prepared.set(db, (statements = new Map()));
  let found = statements.get(sql);
  if (found === undefined) statements.set(sql, (found = db.prepare(sql)));
  return found as Sqlite.Statement<unknown[], Row>;
}

/** Runs the work in one transaction: all of it is kept, or nothing. */
export const inTransaction = <T>(db: Writable<LocalFile>, work: () => T): T =>
  db.inTransaction ? work() : db.transaction(work).immediate();
