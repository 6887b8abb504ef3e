import { migrations, type LocalFile } from "#db/cache/migrations.ts";
import { CacheError } from "./cache-error.ts";
import { inTransaction, type Writable } from "./database.ts";

/**
 * Brings a local file to the newest layout, one transaction a migration, so that a kill leaves it
 * at a whole number. Throws `newer` when a newer app has written the file.
 */
export function migrate<File extends LocalFile>(
  db: Writable<File>,
  file: File,
  steps: readonly string[] = migrations[file],
): void {
  const version = db.pragma("user_version", { simple: true }) as number;
  if (version > steps.length) {
    throw new CacheError(
      "newer",
      `${file}.db has version ${version}, this app knows ${steps.length}`,
    );
  }
  for (let at = version; at < steps.length; at++) {
    inTransaction(db, () => {
      db.exec(steps[at] ?? "");
      db.pragma(`user_version = ${at + 1}`);
    });
  }
}
