import { buildScript } from "../build.ts";
import { pgliteEngine } from "./engine-pglite.ts";
import { postgresEngine } from "./engine-postgres.ts";
import type { Connection, Engine } from "./project.ts";

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
    await connection.exec("rollback; set session authorization postgres");
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
