import type { PGlite } from "@supabase/lite/pglite";
import type { Mutex } from "./mutex.ts";
import { runQuietly } from "./quiet.ts";

export type Row = Record<string, unknown>;

/** What runs inside one turn on the connection. */
export interface Session {
  query<T = Row>(text: string, parameters?: unknown[]): Promise<T[]>;
  exec(text: string): Promise<void>;
}

/** The one connection, reachable only in turns. */
export class Database {
  readonly #pg: PGlite;
  readonly #mutex: Mutex;

  constructor(pg: PGlite, mutex: Mutex) {
    this.#pg = pg;
    this.#mutex = mutex;
  }

  /** One turn without a transaction; also for callers that use the connection by other means. */
  turn<T>(task: (session: Session) => Promise<T>): Promise<T> {
    return this.#mutex.run(() => runQuietly(() => task(sessionOf(this.#pg))));
  }

  query<T = Row>(text: string, parameters?: unknown[]): Promise<T[]> {
    return this.turn((session) => session.query<T>(text, parameters));
  }

  /** One turn in a transaction; a thrown error rolls it back. */
  transaction<T>(task: (session: Session) => Promise<T>): Promise<T> {
    return this.turn(() => this.#pg.transaction((tx) => task(sessionOf(tx))));
  }

  /** One turn in a transaction that is always rolled back: to try what a role may do. */
  async probe<T>(task: (session: Session) => Promise<T>): Promise<T> {
    const rollback = new Error("rollback");
    let outcome: { value: T } | undefined;
    try {
      await this.transaction(async (session) => {
        outcome = { value: await task(session) };
        throw rollback;
      });
    } catch (error) {
      if (error !== rollback) throw error;
    }
    if (!outcome) throw new Error("The probe ended without an outcome");
    return outcome.value;
  }

  /** Runs a script as a person does in a project's SQL editor: as `postgres`, not as a superuser. */
  script(text: string): Promise<Row[]> {
    return this.turn(async (session) => {
      await session.exec("set session authorization postgres");
      try {
        return ((await this.#pg.exec(text)).at(-1)?.rows ?? []) as Row[];
      } finally {
        // The script may have left a transaction open or failed.
        await session.exec("rollback");
        // By name: "reset" would go to the name at the start of the session, which roles.sql gave away.
        await session.exec("set session authorization supabase_admin");
        await session.exec("set search_path to default");
      }
    });
  }

  /** Hears notifications until the connection closes. */
  async listen(channel: string, hear: (payload: string) => void): Promise<void> {
    await this.turn(() => this.#pg.listen(channel, hear));
  }

  /** A copy of the whole data folder, to start others from. */
  dump(): Promise<Blob> {
    return this.turn(() => this.#pg.dumpDataDir("none"));
  }
}

function sessionOf(pg: Pick<PGlite, "query" | "exec">): Session {
  return {
    query: async <T>(text: string, parameters?: unknown[]) =>
      (await pg.query<T>(text, parameters)).rows,
    exec: async (text) => {
      await pg.exec(text);
    },
  };
}

/** Takes on a subscriber's role and claims until the transaction ends. */
export async function actAs(
  session: Session,
  claims: { role: string; sub?: string; email?: string },
  topic = "",
): Promise<void> {
  await session.query(
    `select set_config('request.jwt.claims', $1, true), set_config('request.jwt.claim.sub', $2, true),
            set_config('request.jwt.claim.role', $3, true), set_config('request.jwt.claim.email', $4, true),
            set_config('realtime.topic', $5, true), set_config('role', $3, true)`,
    [JSON.stringify(claims), claims.sub ?? "", claims.role, claims.email ?? "", topic],
  );
}
