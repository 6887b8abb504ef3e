import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Run } from "../lib/run.ts";

export type ToServer =
  | { ask: "start"; kind: "postgres"; sessions: number }
  | { ask: "start"; kind: "embedded" }
  | { ask: "messages"; count: number }
  | { ask: "sql"; sql: string };

export type FromServer =
  | { progress: number }
  | { url: string; anonKey: string }
  | { done: true }
  | { rows: Record<string, unknown>[] }
  | { failed: string };

/** A server in a process of its own; it ends with the run. */
export interface ServerProcess {
  url: string;
  anonKey: string;
  ask(message: ToServer): Promise<FromServer>;
}

export async function startServer(
  run: Run,
  start: Extract<ToServer, { ask: "start" }>,
): Promise<ServerProcess> {
  const child = fork(new URL("./clinic-child.ts", import.meta.url), {
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  run.onEnd(() => stop(child));
  const exit = new AbortController();
  child.once("exit", () => exit.abort());
  const exited = exit.signal;
  const ask = async (message: ToServer): Promise<FromServer> => {
    const signal = AbortSignal.any([run.signal, exited, AbortSignal.timeout(1_800_000)]);
    child.send(message);
    for (;;) {
      const [answer] = (await once(child, "message", { signal })) as [FromServer];
      if ("failed" in answer) throw new Error(answer.failed);
      if (!("progress" in answer)) return answer;
      if (start.kind === "postgres") {
        run.progress("filling PostgreSQL", answer.progress, start.sessions);
      }
    }
  };
  const started = await ask(start);
  if (!("url" in started)) throw new Error("the server did not start");
  return { ...started, ask };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.disconnect();
  // Long enough to stop PostgreSQL and remove its files.
  const timer = setTimeout(() => child.kill("SIGKILL"), 20_000);
  await exited;
  clearTimeout(timer);
}
