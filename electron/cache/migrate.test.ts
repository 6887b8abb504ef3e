import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migrations } from "#db/cache/migrations.ts";
import { openWritable, statement, type Writable } from "./database.ts";
import { migrate } from "./migrate.ts";
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
