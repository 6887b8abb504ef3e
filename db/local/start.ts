import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "./answer.ts";
import { createUser } from "./auth/users.ts";
import type { Row } from "./database.ts";
import { clinicScript, seedDemo } from "./demo.ts";
import { handle } from "./handle.ts";
import { localKeys } from "./keys.ts";
import { lockDataFolder } from "./data-lock.ts";
import { openPlatform } from "./platform.ts";
import { listenForMessages } from "./realtime/database-broadcast.ts";
import { HttpBroadcast } from "./realtime/http-broadcast.ts";
import { report } from "./quiet.ts";
import { FREE_PLAN, type RealtimeLimits } from "./realtime/limits.ts";
import { Realtime } from "./realtime/realtime.ts";
import { Transport } from "./realtime/transport.ts";
import { listen } from "./server.ts";
import { serveStatic } from "./static-files.ts";
import { UploadStore } from "./storage/upload-store.ts";
import { FileAdapter } from "./storage/file-adapter.ts";

export type LocalSupabaseOptions = {
  /** Where the data stays between starts; without it everything is in memory. */
  dataDir?: string;
  /** 0, the default, takes a free one. */
  port?: number;
  /** SQL that runs once, when the database is made, as pasted into a project's SQL editor. */
  script?: readonly string[];
  /** How long after SUBSCRIBED postgres_changes really flow (hosted takes a while). */
  subscribeDelayMs?: number;
  /** What the plan allows; by default the free plan. */
  limits?: Partial<RealtimeLimits>;
  /** Runs the product's script and fills in an invented clinic. */
  demo?: boolean;
  /** A folder of built pages, served under `/patient/`. */
  staticDir?: string;
  /** How long a session's token lasts. */
  sessionSeconds?: number;
  /** Test only: false shows what happens without the mutex. */
  mutex?: boolean;
  /** Test only: false shows what lite's own grants do. */
  fixGrants?: boolean;
  /** Test only: runs before every statement of the REST layer. */
  beforeQuery?: () => Promise<void>;
};

export interface LocalSupabase {
  url: string;
  /** The publishable key, `sb_publishable_…`. */
  anonKey: string;
  /** The secret key, `sb_secret_…`. */
  serviceKey: string;
  /** The anon key of older projects, a JWT. */
  legacyAnonKey: string;
  /** Runs SQL as a project's SQL editor does; gives the rows of the last statement. */
  sql(text: string): Promise<Row[]>;
  /** Makes a confirmed user who can sign in at once. */
  createUser(user: {
    id?: string;
    email: string;
    password: string;
    fullName?: string;
  }): Promise<{ id: string }>;
  close(): Promise<void>;
}

/** Starts REST, Auth, Storage and Realtime on one loopback port. For demo, development and tests only. */
export async function startLocalSupabase(
  options: LocalSupabaseOptions = {},
): Promise<LocalSupabase> {
  const keys = localKeys();
  const { dataDir } = options;
  const closers: (() => unknown)[] = dataDir ? [lockDataFolder(dataDir)] : [];
  const close = async () => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  let memoryFiles: string | undefined;
  closers.push(() => memoryFiles && rmSync(memoryFiles, { recursive: true, force: true }));
  const storageRoot = () =>
    dataDir
      ? join(dataDir, "storage")
      : (memoryFiles ??= mkdtempSync(join(tmpdir(), "local-supabase-")));
  try {
    const sessionSeconds = options.sessionSeconds ?? 3600;
    const platform = await openPlatform({
      keys,
      dataDir: dataDir && join(dataDir, "database"),
      storage: new FileAdapter(storageRoot),
      script: [...(options.demo ? [clinicScript()] : []), ...(options.script ?? [])],
      mutex: options.mutex ?? true,
      fixGrants: options.fixGrants ?? true,
      sessionSeconds,
      beforeQuery: options.beforeQuery,
    });
    closers.push(() => platform.close());
    const { database } = platform;
    const uploads = new UploadStore(storageRoot);
    if (options.demo) await seedDemo(database);
    const realtime = new Realtime({
      database,
      keys,
      limits: { ...FREE_PLAN, ...options.limits },
      subscribeDelayMs: options.subscribeDelayMs ?? 0,
    });
    await realtime.changes.refresh();
    await database.listen("_realtime_change", () => {
      realtime.changes.drain().catch((error) => report("Changes were not delivered", error));
    });
    await listenForMessages(database, realtime);
    const transport = new Transport(realtime, keys);
    const broadcast = new HttpBroadcast(realtime, database, keys);
    const server = await listen(
      options.port ?? 0,
      [
        async (request) =>
          new URL(request.url).pathname === "/health" ? json(200, { status: "ok" }) : null,
        async (request) =>
          options.staticDir ? serveStatic(options.staticDir, request, keys.publishable) : null,
        (request) => broadcast.answer(request),
        (request) =>
          handle(
            platform,
            keys,
            { jwtSecret: keys.jwtSecret, url: new URL(request.url).origin, uploads },
            request,
          ),
      ],
      (request, socket, head) => transport.upgrade(request, socket, head),
    );
    // Web sockets first: the server waits for its connections.
    closers.push(
      () => server.close(),
      () => transport.close(),
    );
    return {
      url: server.url,
      anonKey: keys.publishable,
      serviceKey: keys.secret,
      legacyAnonKey: keys.legacyAnon,
      sql: (text) => database.script(text),
      createUser: (user) =>
        database.turn((session) =>
          createUser(session, {
            ...user,
            userMetadata: user.fullName ? { full_name: user.fullName } : {},
          }),
        ),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
