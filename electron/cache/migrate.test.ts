import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migrations } from "#db/cache/migrations.ts";
import { openWritable, statement, type Writable } from "./database.ts";
import { migrate, type MigrationProgress } from "./migrate.ts";
import { oldLayout, ROWS, steps } from "./testing/test-migration.ts";
import { makeStore, type TestStore } from "./testing/test-store.ts";

let test: TestStore;
let db: Writable<"cache">;
const version = () => db.pragma("user_version", { simple: true });
const tables = () =>
  statement<{ name: string }>(db, "select name from sqlite_schema where name like 'step%'")
    .all()
    .map(({ name }) => name);

beforeEach(() => {
  test = makeStore();
  const path = join(test.folder, "cache.db");
  db = openWritable({ path, file: "cache", key: Buffer.from(test.options.key) });
});
afterEach(async () => {
  db.close();
  await test.remove();
});

/** Migrates in a process that is killed after so many steps; answers the rows it had done by then. */
async function migrateUntil(count: number): Promise<number[]> {
  const script = fileURLToPath(new URL("testing/migrate-until-killed.ts", import.meta.url));
  const key = Buffer.from(test.options.key).toString("hex");
  const child = spawn(process.execPath, [script, join(test.folder, "cache.db"), key]);
  const exited = once(child, "exit");
  const done: number[] = [];
  for await (const line of createInterface(child.stdout)) {
    done.push(Number(line.split(" ")[0]));
    if (done.length === count) child.kill("SIGKILL");
  }
  await exited;
  return done;
}

describe("a migration of many rows", () => {
  it("S25: goes on where a kill has stopped it, and moves each row once", async () => {
    migrate(db, "cache", [oldLayout]);
    db.close();
    const runs = [await migrateUntil(5), await migrateUntil(7), await migrateUntil(ROWS)];
    const path = join(test.folder, "cache.db");
    db = openWritable({ path, file: "cache", key: Buffer.from(test.options.key) });
    const firsts = runs.map((done) => done[0] ?? 0);
    expect(firsts[0]).toBe(2_000);
    expect(firsts[1]).toBeGreaterThan(5 * 2_000);
    expect(firsts[2]).toBeGreaterThan(firsts[1] ?? 0);
    expect(runs[2]?.at(-1)).toBe(ROWS);
    expect(version()).toBe(2);
    const moved = statement(
      db,
      "select count(*) as n, sum(id) as ids, sum(size) as sizes from notes",
    );
    const ids = (3 * ROWS * (ROWS + 1)) / 2;
    const sizes = Array.from({ length: ROWS }, (_, at) => `note ${at + 1}`.length);
    expect(moved.get()).toEqual({ n: ROWS, ids, sizes: sizes.reduce((a, b) => a + b, 0) });
  });

  it("S25: tells how far it is, up to all rows", () => {
    migrate(db, "cache", [oldLayout]);
    const told: MigrationProgress[] = [];
    migrate(db, "cache", steps, (progress) => told.push(progress));
    expect(told).toHaveLength(ROWS / 2_000);
    expect(told.at(-1)).toEqual({ file: "cache", version: 2, done: ROWS, total: ROWS });
  });
});

describe("migrations", () => {
  it("run once, in order, each as a whole or not at all", () => {
    const first = "create table step1 (a integer) strict;";
    const second = "create table step2 (a integer) strict;";
    migrate(db, "cache", [first]);
    const broken = `${second} insert into nowhere values (1);`;
    expect(() => migrate(db, "cache", [first, broken])).toThrow("nowhere");
    expect([version(), tables()]).toEqual([1, ["step1"]]);
    migrate(db, "cache", [first, second]);
    migrate(db, "cache", [first, second]);
    expect([version(), tables()]).toEqual([2, ["step1", "step2"]]);
  });

  it("make only strict tables", () => {
    migrate(db, "cache");
    expect(version()).toBe(migrations.cache.length);
    const loose = statement<{ name: string }>(
      db,
      `select name from pragma_table_list
       where schema = 'main' and type = 'table' and strict = 0 and name not like 'sqlite_%'`,
    ).all();
    expect(loose).toEqual([]);
  });
});
