import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { App } from "@supabase/lite";
import type { Database } from "./database.ts";
import { findSnapshot, keepSnapshot, snapshotId } from "./snapshot.ts";
import { systemSql } from "./system-sql.ts";

/** How to come by a database's files, and what is left to do once it is open. */
export type Making = {
  /** The data folder of an earlier, equal boot, to begin from. */
  loadDataDir: Blob | undefined;
  finish(app: App, database: Database): Promise<void>;
};

type Recipe = { dataDir: string | undefined; script: readonly string[]; fixGrants: boolean };

/**
 * Decides how a database comes to be: opened as it is, brought up to date by
 * its scripts, loaded from a snapshot, or made from nothing.
 */
export async function planDatabase({ dataDir, script, fixGrants }: Recipe): Promise<Making> {
  const sql = systemSql(fixGrants);
  const id = snapshotId([sql.before, ...sql.after, ...script]);
  const madeFrom = dataDir ? readMark(dataDir) : null;
  const mark = () => {
    if (dataDir) writeMark(dataDir, id);
  };
  const runScripts = async (database: Database) => {
    await database.turn(async (session) => {
      for (const part of sql.after) await session.exec(part);
    });
    for (const part of script) await database.script(part);
  };
  if (madeFrom === id) return { loadDataDir: undefined, finish: async () => undefined };
  if (madeFrom)
    return {
      loadDataDir: undefined,
      // The scripts changed since: they can be run again on what they made.
      finish: async (_, database) => {
        await runScripts(database);
        mark();
      },
    };

  // Without a mark the folder was never finished: killed while it was being made.
  if (dataDir) rmSync(dataDir, { recursive: true, force: true });
  const snapshot = await findSnapshot(id);
  return {
    loadDataDir: snapshot ?? undefined,
    finish: async (app, database) => {
      if (!snapshot) {
        await database.turn((session) => session.exec(sql.before));
        await database.turn(() => app.ensureSystemSchema());
        await runScripts(database);
        await keepSnapshot(id, await database.dump());
      }
      mark();
    },
  };
}

const markOf = (dataDir: string) => join(dirname(dataDir), "made-from.txt");

function readMark(dataDir: string): string | null {
  const complete = existsSync(join(dataDir, "PG_VERSION")) && existsSync(markOf(dataDir));
  return complete ? readFileSync(markOf(dataDir), "utf8") : null;
}

function writeMark(dataDir: string, id: string): void {
  mkdirSync(dirname(dataDir), { recursive: true });
  writeFileSync(markOf(dataDir), id);
}
