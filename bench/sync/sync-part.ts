import { describeTexts, readDialogues } from "../lib/dialogues.ts";
import { currentLoad, describeMachine } from "../lib/machine.ts";
import type { Part } from "../lib/results.ts";
import type { Run } from "../lib/run.ts";
import { buildWorker } from "../cache/build-store.ts";
import { measureCatchUp } from "./catch-up.ts";
import { measureDelivery } from "./delivery.ts";
import { measureFirstPull } from "./first-pull.ts";
import { startServer } from "./server-process.ts";

/** Measures the sync: the product's engine, remote and store against real servers in processes of their own. */
export async function measureSync(run: Run): Promise<Part> {
  const load = currentLoad();
  const worker = await buildWorker(run);
  const delivery = await measureDelivery(run, worker);
  run.progress("starting PostgreSQL");
  const server = await startServer(run, {
    ask: "start",
    kind: "postgres",
    sessions: run.size.syncSessions,
  });
  const { cache, rows } = await measureFirstPull(run, server, worker);
  const catchUp = await measureCatchUp(run, server, cache);
  return {
    at: new Date().toISOString(),
    quick: run.size.quick,
    machine: describeMachine(load),
    on: [
      `${run.size.syncSessions.toLocaleString("en-US")} sessions with ${(run.size.syncSessions * 100).toLocaleString("en-US")} messages on PostgreSQL 15 (without fsync) under the product's script and row security, behind a plain HTTP server on loopback in another process;`,
      "delivery and revocation over the embedded backend with Realtime;",
      describeTexts(readDialogues()),
    ],
    rows: [...rows, ...catchUp, ...delivery],
  };
}
