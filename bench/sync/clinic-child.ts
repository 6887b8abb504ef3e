import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { startLocalSupabase } from "#db/local/start.ts";
import { readDialogues } from "../lib/dialogues.ts";
import { openClinicDatabase, type ClinicDatabase } from "./clinic-database.ts";
import type { FromServer, ToServer } from "./server-process.ts";

// The server of a run, in a process of its own so that its work stalls nobody: PostgreSQL behind
// the few REST calls that sync makes, or the whole embedded backend with Realtime.

const say = (message: FromServer): void => void process.send?.(message);

// The terminal sends Ctrl+C to all; the parent decides.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);

let closing = false;
const closers: (() => unknown)[] = [];
async function close(): Promise<void> {
  if (closing) return;
  closing = true;
  for (const closer of closers.toReversed()) await closer();
  process.exit(0);
}
process.on("disconnect", () => void close());

function fail(error: unknown): void {
  say({ failed: String(error) });
}

async function answer(clinic: ClinicDatabase, request: IncomingMessage): Promise<string> {
  const url = new URL(request.url ?? "/", "http://localhost");
  const path = url.pathname.replace("/rest/v1/", "");
  if (path.startsWith("rpc/")) {
    return clinic.call(
      path.slice(4),
      JSON.parse((await text(request)) || "{}") as Record<string, unknown>,
    );
  }
  const after = url.searchParams.get("id")?.replace("gt.", "") ?? null;
  return clinic.read(path, url.searchParams.get("select") ?? "id", after);
}

async function startPostgres(sessions: number): Promise<void> {
  const { turns } = readDialogues();
  const clinic = await openClinicDatabase(sessions, turns, (done) => say({ progress: done }));
  closers.push(() => clinic.close());
  const server = createServer((request, response) => {
    answer(clinic, request).then(
      (body) => response.setHeader("content-type", "application/json").end(body),
      (error: unknown) => {
        response.statusCode = 500;
        response.end(JSON.stringify({ message: String(error) }));
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.closeAllConnections());
  const { port } = server.address() as AddressInfo;
  process.on("message", (message: ToServer) => {
    if (message.ask !== "messages") return;
    clinic.addMessages(message.count).then(() => say({ done: true }), fail);
  });
  say({ url: `http://127.0.0.1:${port}`, anonKey: "sb_publishable_bench" });
}

async function startEmbedded(): Promise<void> {
  const backend = await startLocalSupabase({ demo: true });
  closers.push(() => backend.close());
  process.on("message", (message: ToServer) => {
    if (message.ask !== "sql") return;
    backend.sql(message.sql).then((rows) => say({ rows }), fail);
  });
  say({ url: backend.url, anonKey: backend.anonKey });
}

process.once("message", (message: ToServer) => {
  if (message.ask !== "start") return;
  const started = message.kind === "postgres" ? startPostgres(message.sessions) : startEmbedded();
  started.catch(fail);
});
