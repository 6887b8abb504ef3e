import { readFileSync } from "node:fs";
import { buildScript } from "../build.ts";
import { pgliteEngine } from "./engine-pglite.ts";
import { postgresEngine } from "./engine-postgres.ts";

export type Row = Record<string, unknown>;

/** One connection to a test database. Nothing is shared between two but the database. */
export interface Connection {
  /** Runs one statement; bigint and numeric arrive as text. */
  query<T = Row>(text: string, parameters?: unknown[]): Promise<T[]>;
  /** Runs one statement; gives how many rows it returned or changed. */
  count(text: string): Promise<number>;
  /** Runs several statements; gives the rows of the last one that has any. */
  exec(text: string): Promise<Row[]>;
}

/** An empty project with the schemas of Supabase (`fixture.sql`), made for one test. */
export interface Project extends Connection {
  /** Another connection as superuser; an engine with only one connection throws. */
  connect(): Promise<Connection>;
  /** Closes this project and keeps it as the template of later ones. */
  keep(): Promise<Template>;
  close(): Promise<void>;
}

/** A project as it was when it was kept; what it is, only its engine knows. */
export type Template = { readonly of: Blob | File | string };

export interface Engine {
  readonly name: string;
  /** Why this engine cannot run here; null if it can. */
  readonly absent: string | null;
  readonly concurrent: boolean;
  start(): Promise<void>;
  createProject(template?: Template): Promise<Project>;
  stop(): Promise<void>;
}

export const fixture = readFileSync(new URL("./fixture.sql", import.meta.url), "utf8");

/** Every engine that the suites run on, with a name that says why one is passed over. */
export const engines: readonly Engine[] = [pgliteEngine(), postgresEngine()];

export const titleOf = (engine: Engine): string =>
  engine.absent === null ? engine.name : `${engine.name} (passed over: ${engine.absent})`;

/** Pastes the script as a project's owner does, who is no superuser; gives the result table. */
export async function paste(
  connection: Connection,
  script: string = buildScript(),
): Promise<{ item: string; state: string; todo: string }[]> {
  await connection.exec("set session authorization project_owner");
  try {
    return (await connection.exec(script)) as { item: string; state: string; todo: string }[];
  } finally {
    // A failed script leaves its transaction open.
    await connection.exec("rollback; reset session authorization");
  }
}

/** Runs a task as a signed-in user (or as nobody) in a transaction of its own. */
export async function actAs<T>(
  connection: Connection,
  claims: { role: string; sub?: string; is_anonymous?: boolean },
  task: (connection: Connection) => Promise<T>,
): Promise<T> {
  await connection.exec("begin");
  try {
    await connection.query("select set_config('request.jwt.claims', $1, true)", [
      JSON.stringify(claims),
    ]);
    await connection.exec(`set local role ${claims.role}`);
    const result = await task(connection);
    await connection.exec("commit");
    return result;
  } catch (error) {
    await connection.exec("rollback");
    throw error;
  }
}

/** As `actAs` for a plain signed-in user. */
export const asUser = <T>(
  connection: Connection,
  userId: string,
  task: (connection: Connection) => Promise<T>,
): Promise<T> => actAs(connection, { role: "authenticated", sub: userId }, task);

/** The SQLSTATE of a database's error, whichever driver threw it; throws on anything else. */
export function sqlStateOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string")
    return error.code;
  throw error;
}

/** Runs a task that must fail, and gives the SQLSTATE of its failure. */
export async function stateOf(task: Promise<unknown>): Promise<string> {
  try {
    await task;
  } catch (error) {
    return sqlStateOf(error);
  }
  return "00000";
}
