import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { CacheError } from "./cache-error.ts";

/** Held while a user's folder is open. */
export interface FolderLock {
  release(): void;
}

/**
 * Takes the folder for this process, or throws `locked`. The lock is one of the operating system,
 * held through an empty SQLite file, so a killed process leaves nothing behind to clean up.
 */
export function lockFolder(folder: string): FolderLock {
  const db = new Sqlite(join(folder, "lock.db"), { timeout: 0 });
  try {
    db.pragma("journal_mode = MEMORY");
    db.exec("begin exclusive");
  } catch (error) {
    db.close();
    if (error instanceof Error && "code" in error && error.code === "SQLITE_BUSY") {
      throw new CacheError("locked", "another process has this folder open");
    }
    throw error;
  }
  return { release: () => void db.close() };
}
