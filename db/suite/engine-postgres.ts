import { execFile } from "node:child_process";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import postgres from "postgres";
import type { Connection, Engine, Row, Template } from "./project.ts";
import { fixture } from "./project.ts";

const run = promisify(execFile);
const MAJOR = 15;

/** The folder of PostgreSQL's programs, as Debian or `POSTGRES_BIN` have it; null if there is none. */
function findBinaries(): string | null {
  const candidates = [
    process.env.POSTGRES_BIN,
    `/usr/lib/postgresql/${MAJOR}/bin`,
    `/opt/homebrew/opt/postgresql@${MAJOR}/bin`,
    ...(existsSync("/usr/lib/postgresql")
      ? readdirSync("/usr/lib/postgresql").map((name) => `/usr/lib/postgresql/${name}/bin`)
      : []),
  ];
  return candidates.find((path) => path !== undefined && existsSync(join(path, "initdb"))) ?? null;
}

/** PostgreSQL refuses to run as root; then it runs as the user `postgres`. */
function findServerUser(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const entry = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .find(([name]) => name === "postgres");
  return entry ? { uid: Number(entry[2]), gid: Number(entry[3]) } : null;
}

function connectionOf(sql: postgres.Sql): Connection {
  return {
    query: async <T>(text: string, parameters: unknown[] = []) =>
      (await sql.unsafe(text, parameters as postgres.ParameterOrJSON<never>[])) as unknown as T[],
    async count(text) {
      return (await sql.unsafe(text)).count;
    },
    async exec(text) {
      const result: unknown = await sql.unsafe(text);
      const results = (Array.isArray(result) ? result : []) as Row[] | Row[][];
      if (!Array.isArray(results[0])) return [...results] as Row[];
      return (results as Row[][]).findLast((rows) => rows.length > 0) ?? [];
    },
  };
}

/** A real PostgreSQL: a temporary cluster on a socket in a temporary folder, for one test file. */
export function postgresEngine(): Engine {
  const binaries = findBinaries();
  const user = findServerUser();
  const asRoot = process.getuid?.() === 0;
  let folder: string | undefined;
  let count = 0;

  const program = (name: string, ...args: string[]) =>
    run(join(binaries ?? "", name), args, {
      ...user,
      cwd: "/",
      env: { ...process.env, LC_ALL: "C" },
    });
  const open = (database: string) => {
    const sql = postgres({
      host: folder ?? "",
      database,
      username: "postgres",
      max: 1,
      onnotice: () => undefined,
      types: {
        timestamptz: {
          to: 1184,
          from: [1184],
          serialize: (value: string) => value,
          parse: (value: string) => value,
        },
      },
    });
    return sql;
  };

  return {
    name: `PostgreSQL ${MAJOR}`,
    absent:
      binaries === null
        ? `no PostgreSQL programs on this machine; install postgresql or set POSTGRES_BIN`
        : asRoot && user === null
          ? "it refuses to run as root and there is no user postgres"
          : null,
    concurrent: true,
    async start() {
      folder = await mkdtemp(join(tmpdir(), "consulting-room-pg-"));
      if (user) await chown(folder, user.uid, user.gid);
      const data = join(folder, "data");
      await program(
        "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
      );
      const options = `-k ${folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off -c max_connections=60`;
      await program("pg_ctl", "-D", data, "-l", join(folder, "log"), "-w", "-o", options, "start");
      const sql = open("template1");
      await sql.unsafe(fixture);
      await sql.end();
    },
    async createProject(template?: Template) {
      count += 1;
      const name = `project_${count}`;
      const admin = open("postgres");
      await admin.unsafe(
        `create database ${name} template ${typeof template?.of === "string" ? template.of : "template1"}`,
      );
      await admin.unsafe(`grant all on database ${name} to project_owner`);
      await admin.end();
      const opened = [open(name)];
      const first = opened[0] as postgres.Sql;
      const close = async () => {
        await Promise.all(opened.map((sql) => sql.end({ timeout: 5 })));
      };
      return {
        ...connectionOf(first),
        async connect() {
          const sql = open(name);
          opened.push(sql);
          return connectionOf(sql);
        },
        async keep() {
          await close();
          return { of: name };
        },
        close,
      };
    },
    async stop() {
      if (folder === undefined) return;
      await program("pg_ctl", "-D", join(folder, "data"), "-m", "immediate", "-w", "stop");
      await rm(folder, { recursive: true, force: true });
      folder = undefined;
    },
  };
}
