import type { App } from "@supabase/lite";
import type { StorageAdapter } from "./storage/file-adapter.ts";
import { Database } from "./database.ts";
import { resolveApiKey, type Keys } from "./keys.ts";
import { planDatabase } from "./make-database.ts";
import { Mutex } from "./mutex.ts";
import { parsers } from "./parsers.ts";
import { runQuietly } from "./quiet.ts";

/** The database with its REST, Auth and Storage application, ready for requests. */
export interface Platform {
  database: Database;
  /** Answers one request; the caller holds a turn on the connection. */
  answer(request: Request): Promise<{ response: Response; failure: DatabaseFailure | null }>;
  close(): Promise<void>;
}

/** What PostgreSQL said about a statement that failed. Never holds the parameters. */
export type DatabaseFailure = {
  code: string;
  message: string;
  detail: string | null;
  hint: string | null;
};

export type PlatformOptions = {
  keys: Keys;
  /** A folder, or undefined for a database in memory. */
  dataDir: string | undefined;
  storage: StorageAdapter;
  /** SQL that runs once, when the database is made, as in a project's SQL editor. */
  script: readonly string[];
  mutex: boolean;
  fixGrants: boolean;
  sessionSeconds: number;
  /** For tests of the mutex: something to wait for before every statement. */
  beforeQuery: (() => Promise<void>) | undefined;
};

export async function openPlatform(options: PlatformOptions): Promise<Platform> {
  // lite reads these when it is first imported.
  process.env.EXPERIMENTAL_STORAGE = "1";
  process.env.LITE_AUTH_BCRYPT_COST ??= "6";
  const [{ App: LiteApp, InMemoryEmailDriver }, { createPgliteConnection }] = await runQuietly(() =>
    Promise.all([import("@supabase/lite"), import("@supabase/lite/pglite")]),
  );

  const making = await planDatabase(options);
  const connection = await createPgliteConnection({
    url: options.dataDir ?? "memory://",
    pgliteOptions: { parsers, ...(making.loadDataDir && { loadDataDir: making.loadDataDir }) },
  });
  const pg = connection.driver;
  await pg.waitReady;
  const database = new Database(pg, new Mutex(options.mutex));

  const app: App = new LiteApp({
    connection,
    ...settingsOf(options),
    options: {
      drivers: { email: new InMemoryEmailDriver() },
      server: {
        apiKeys: { resolver: async (key: string) => resolveApiKey(key, options.keys) },
      },
    },
  });
  // lite offers no option for it.
  Object.assign(app, { _storageAdapter: options.storage });

  try {
    await making.finish(app, database);
    await database.turn(() => app.init());
  } catch (error) {
    // Left open, it would keep the process alive.
    await connection.close();
    throw error;
  }
  // lite would grant everything to everyone on first use, and so undo each REVOKE.
  if (options.fixGrants) Object.assign(connection, { rlsState: "active" });
  await database.listen("pgrst", () => void connection.clearSchemaCache());

  const failure = rememberFailures(pg, options.beforeQuery);
  return {
    database,
    answer: async (request) => {
      failure.last = null;
      const response = await app.fetch(request, { peerAddress: "127.0.0.1" });
      return { response, failure: failure.last };
    },
    close: async () => {
      // A connection without the mutex may have been left in a failed transaction.
      await database.turn((session) => session.exec("rollback"));
      await database.turn(() => connection.close());
    },
  };
}

function settingsOf({ keys, sessionSeconds }: PlatformOptions) {
  return {
    api: { max_rows: 1000 },
    auth: {
      enabled: true,
      jwt_secret: keys.jwtSecret,
      jwt_expiry: sessionSeconds,
      publishable_key: keys.publishable,
      secret_key: keys.secret,
      enable_signup: true,
      enable_refresh_token_rotation: true,
      refresh_token_reuse_interval: 10,
      email: { enable_confirmations: false },
    },
    storage: { enabled: true },
  };
}

/** Keeps the last error of the driver, because lite answers many of them with a bare 500. */
function rememberFailures(
  pg: { query: (...parts: never[]) => Promise<unknown> },
  beforeQuery: (() => Promise<void>) | undefined,
): { last: DatabaseFailure | null } {
  const failure: { last: DatabaseFailure | null } = { last: null };
  const query = pg.query.bind(pg);
  pg.query = async (...parts: never[]) => {
    await beforeQuery?.();
    try {
      return await query(...parts);
    } catch (error) {
      const seen = failureOf(error);
      // "current transaction is aborted" only echoes the error before it.
      if (seen && seen.code !== "25P02") failure.last = seen;
      throw error;
    }
  };
  return failure;
}

function failureOf(error: unknown): DatabaseFailure | null {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string")
    return null;
  const text = (name: string) => {
    const value: unknown = Reflect.get(error, name);
    return typeof value === "string" ? value : null;
  };
  return { code: error.code, message: error.message, detail: text("detail"), hint: text("hint") };
}
