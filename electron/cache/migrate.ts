import {
  migrations,
  type LocalFile,
  type LongMigration,
  type Migration,
} from "#db/cache/migrations.ts";
import { CacheError } from "./cache-error.ts";
import { inTransaction, statement, type Writable } from "./database.ts";

/** How far a long migration is. */
export type MigrationProgress = { file: LocalFile; version: number; done: number; total: number };

/**
 * Brings a local file to the newest layout. A short migration is one transaction. A long one moves its
 * rows in steps of a transaction each, tells how far it is, and goes on where a kill has stopped it; the
 * number of the layout changes with its last transaction. Throws `newer` when a newer app has written
 * the file.
 */
export function migrate<File extends LocalFile>(
  db: Writable<File>,
  file: File,
  steps: readonly Migration[] = migrations[file],
  onProgress: (progress: MigrationProgress) => void = () => {},
): void {
  const version = db.pragma("user_version", { simple: true }) as number;
  if (version > steps.length) {
    throw new CacheError(
      "newer",
      `${file}.db has version ${version}, this app knows ${steps.length}`,
    );
  }
  for (const [at, step] of steps.entries()) {
    if (at < version) continue;
    if (typeof step === "string") {
      inTransaction(db, () => {
        db.exec(step);
        db.pragma(`user_version = ${at + 1}`);
      });
    } else {
      moveRows(db, step, at + 1, (done, total) =>
        onProgress({ file, version: at + 1, done, total }),
      );
    }
  }
}

/** Runs one long migration, or what is left of it. */
function moveRows(
  db: Writable<LocalFile>,
  { begin, move, finish, rows }: LongMigration,
  version: number,
  tell: (done: number, total: number) => void,
): void {
  // Where it stands lies in the file itself and changes with the rows: no kill can part the two.
  db.exec(
    "create table if not exists migrating (version integer primary key, after integer, done integer, total integer) strict",
  );
  type Place = { after: number | null; done: number; total: number };
  const find = (): Place | undefined =>
    statement<Place>(db, "select after, done, total from migrating where version = ?").get(version);
  if (find() === undefined) {
    inTransaction(db, () => {
      db.exec(begin);
      statement(
        db,
        `insert into migrating (version, after, done, total)
         select ?, null, 0, count(*) from ${rows.table}`,
      ).run(version);
    });
  }
  for (let place = find(); place !== undefined; place = find()) {
    const { after, done, total } = place;
    const next = statement<{ last: number | null; count: number }>(
      db,
      `select max(key) as last, count(*) as count from (
         select ${rows.key} as key from ${rows.table}
         where ${rows.key} > coalesce(?, -9223372036854775808) order by ${rows.key} limit ?)`,
    ).get(after, rows.atOnce);
    const last = next?.last ?? null;
    if (next === undefined || last === null) break;
    inTransaction(db, () => {
      statement(db, move).run({ after: after ?? Number.MIN_SAFE_INTEGER, last });
      statement(db, "update migrating set after = ?, done = ? where version = ?").run(
        last,
        done + next.count,
        version,
      );
    });
    tell(done + next.count, total);
  }
  inTransaction(db, () => {
    db.exec(finish);
    db.exec("drop table migrating");
    db.pragma(`user_version = ${version}`);
  });
}
