import { readFileSync } from "node:fs";
import type {
  CommandIn,
  CommandName,
  CommandOut,
  QueryIn,
  QueryName,
  QueryOut,
  RequestIn,
  RequestName,
  RequestOut,
  TopicName,
} from "#shared/contract/bridge.ts";
import type { Result } from "#shared/contract/fault.ts";
import { startLocalSupabase, type LocalSupabase } from "#db/local/start.ts";
import { people } from "#db/seed/people.ts";
import { createDispatcher } from "#electron/bridge/dispatch.ts";
import { compose, type ComposeOptions, type Services } from "#electron/compose.ts";
import { openLog } from "#electron/log/log.ts";
import type { TestPlatform } from "#electron/platform/testing/test-platform.ts";

const sqlFile = (path: string) =>
  readFileSync(new URL(`../../db/${path}`, import.meta.url), "utf8");

/** Starts a real embedded Supabase with the product's script and the invented clinic. */
export async function startClinic(): Promise<LocalSupabase> {
  const clinic = await startLocalSupabase({
    script: [sqlFile("04_create_consultation_tables.sql")],
  });
  for (const person of people) await clinic.createUser(person);
  await clinic.sql(sqlFile("seed/clinic.sql"));
  return clinic;
}

/** The services of one run of the app, asked as a page asks them: by name, through the dispatcher. */
export type Workplace = {
  services: Services;
  /** Names of the topics that were published, in order. */
  heard: TopicName[];
  query<N extends QueryName>(name: N, input: QueryIn<N>): Promise<Result<QueryOut<N>>>;
  command<N extends CommandName>(name: N, input: CommandIn<N>): Promise<Result<CommandOut<N>>>;
  request<N extends RequestName>(name: N, input: RequestIn<N>): Promise<Result<RequestOut<N>>>;
};

/**
 * Starts the app's services on a platform, without Electron; `services.close()` is quitting the app.
 * Returns at once, as a page asks while the last sign-in is still being taken up.
 */
export function openWorkplace(
  platform: TestPlatform,
  change: Partial<ComposeOptions> = {},
): Workplace {
  const heard: TopicName[] = [];
  const log = openLog(platform.paths.logs);
  const services = compose(platform, {
    log,
    publish: (topic) => void heard.push(topic),
    cacheWorker: new URL("../cache/worker.ts", import.meta.url),
    builtIn: { url: undefined, anonKey: undefined },
    ...change,
  });
  const dispatcher = createDispatcher(services.handlers, log);
  void services.start();
  const ask = (kind: string, name: string, input: unknown) =>
    dispatcher.call(1, { kind, name, input }) as Promise<Result<never>>;
  return {
    services,
    heard,
    query: (name, input) => ask("query", name, input),
    command: (name, input) => ask("command", name, input),
    request: (name, input) => ask("request", name, input),
  };
}

/** The value of an answer that must be one. */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.fault}: ${result.message} (${result.ref ?? "no ref"})`);
  return result.value;
}

/** The fault of an answer that must be one. */
export function faultOf(result: Result<unknown>): string {
  if (result.ok) throw new Error("expected a fault");
  return result.fault;
}
