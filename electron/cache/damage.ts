import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LocalFile } from "#db/cache/migrations.ts";
import { statement, type Readable } from "./database.ts";

// A damaged page shows only to the call that meets it. A mark in the folder remembers it, so that the
// next open does not take the file for sound and rebuilds it.

const markOf = (folder: string): string => join(folder, "cache.damaged");

export const markDamaged = (folder: string): void =>
  writeFileSync(markOf(folder), "", { mode: 0o600, flush: true });
export const isMarkedDamaged = (folder: string): boolean => existsSync(markOf(folder));
export const clearDamage = (folder: string): void => rmSync(markOf(folder), { force: true });

/** What a look through a file has found: `partly` ran out of its time before the largest tables. */
export type Soundness = "sound" | "partly" | "damaged";

/**
 * Looks through the pages of a file, table by table, the smallest first, until the time is used up.
 * A table that was begun is looked through to its end.
 */
export function checkTables(
  db: Readable<LocalFile>,
  { budgetMs }: { budgetMs: number },
): Soundness {
  const until = performance.now() + budgetMs;
  const tables = statement<{ name: string }>(
    db,
    `select name from sqlite_schema where type = 'table' and rootpage > 0
     order by name like 'message%', name`,
  ).all();
  for (const { name } of tables) {
    if (performance.now() > until) return "partly";
    if (!isSound(db, name)) return "damaged";
  }
  return "sound";
}

/** False where a table, or with `null` any part of the file, does not hold together. Throws on a page that cannot be read. */
export function isSound(db: Readable<LocalFile>, table: string | null): boolean {
  const pragma = table === null ? "quick_check(1)" : `quick_check('${table}')`;
  const [first] = db.pragma(pragma) as { quick_check: string }[];
  return first?.quick_check === "ok";
}
