import { join } from "node:path";
import Sqlite from "better-sqlite3";
import type { CacheOptions } from "#electron/cache/cache.ts";
import { fold } from "#electron/cache/fold.ts";

/** A bare connection to the store's file in this thread: the limit beside which the product is measured. */
export function openBare(options: CacheOptions, file = "cache"): Sqlite.Database {
  const db = new Sqlite(join(options.folder, `${file}.db`));
  db.pragma("cipher = 'sqlcipher'");
  db.pragma(`key = "x'${Buffer.from(options.key).toString("hex")}'"`);
  db.pragma("journal_mode = WAL");
  db.pragma("cache_size = -32768");
  db.function("fold", { deterministic: true }, (text: unknown) => fold(String(text)));
  return db;
}

export const LIST_SQL =
  "select * from sessions where deleted_at is null order by started_at desc, id desc limit 50";
export const TRANSCRIPT_SQL =
  "select * from messages where rid > ? and rid < ? order by rid desc limit 200";
export const SEARCH_SQL =
  "select m.* from message_index i join messages m on m.rid = i.rowid where message_index match ? order by i.rowid desc limit 50";

/** Rows a second that SQLite alone takes into an encrypted table without any index. */
export function insertBare(folder: string, texts: readonly string[], count: number): number {
  const db = new Sqlite(join(folder, "bare.db"));
  try {
    db.pragma("cipher = 'sqlcipher'");
    db.pragma(`key = "x'${"5a".repeat(32)}'"`);
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = NORMAL");
    db.exec("create table messages (rid integer primary key, id blob, text text)");
    const insert = db.prepare("insert into messages (id, text) values (?, ?)");
    const id = Buffer.alloc(16, 7);
    const insertPage = db.transaction((from: number) => {
      for (let at = from; at < from + 2_000; at++) insert.run(id, texts[at % texts.length]);
    });
    const start = performance.now();
    for (let from = 0; from < count; from += 2_000) insertPage(from);
    return (Math.ceil(count / 2_000) * 2_000_000) / (performance.now() - start);
  } finally {
    db.close();
  }
}
