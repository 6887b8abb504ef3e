import type { LocalFile } from "#db/cache/migrations.ts";
import { statement, type Readable, type Writable } from "./database.ts";

/** The names kept in the `meta` table of either file. */
export type MetaName =
  | "user_id" // whose file it is
  | "epoch" // which history of the server the rows belong to
  | "cursor" // the snapshot of the last complete pass
  | "pass" // where an incomplete pass stands, as JSON
  | "as_of" // the server's time at the last complete pass
  | "limits" // how much of the past is kept, as JSON; in the outbox's file
  | "told" // how much realtime has told
  | "calendar_as_of"; // when appointments and people were last fetched

export function findMeta(db: Readable<LocalFile>, name: MetaName): string | null {
  const row = statement<{ value: string }>(db, "select value from meta where name = ?").get(name);
  return row?.value ?? null;
}

export function putMeta(db: Writable<LocalFile>, name: MetaName, value: string | null): void {
  if (value === null) statement(db, "delete from meta where name = ?").run(name);
  else statement(db, "insert or replace into meta (name, value) values (?, ?)").run(name, value);
}
