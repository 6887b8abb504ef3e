import { fork } from "node:child_process";
import { once } from "node:events";
import { row, type Row } from "../lib/results.ts";
import type { Run } from "../lib/run.ts";
import { storeBytes, type BuiltStore } from "./build-store.ts";
import type { MemoryJob } from "./memory-child.ts";

/** Bytes of a message on the disk, with its search index. */
export function measureBytes(store: BuiltStore): Row {
  return row({
    goal: "a message on the disk, with index",
    target: { is: "at most", value: 460, unit: "bytes" },
    measured: storeBytes(store.options.folder) / store.messages,
    limit: { what: "bare file: the same rows as JSON", value: store.jsonBytes / store.messages },
    note: "the goal was set for messages of 124 characters and is 350 without the index of beginnings, which the product has; these texts are shorter",
  });
}

/** Memory of a process that opened 200 transcripts and searched; the store must be closed. */
export async function measureMemory(run: Run, store: BuiltStore): Promise<Row> {
  run.progress("memory");
  return row({
    goal: "memory, 200 transcripts opened",
    target: { is: "at most", value: 200, unit: "MB" },
    measured: await memoryOf(run, store, "product"),
    limit: {
      what: "bare SQL: a Node process that reads the same",
      value: await memoryOf(run, store, "bare"),
    },
  });
}

async function memoryOf(run: Run, store: BuiltStore, kind: MemoryJob["kind"]): Promise<number> {
  const child = fork(new URL("./memory-child.ts", import.meta.url), { signal: run.signal });
  try {
    const { key, workerUrl, ...options } = store.options;
    const job: MemoryJob = {
      kind,
      sessions: run.size.sessions,
      options: { ...options, key: Buffer.from(key).toString("hex"), workerUrl: workerUrl.href },
    };
    child.send(job);
    const [megabytes] = await once(child, "message", { signal: AbortSignal.timeout(120_000) });
    return Number(megabytes);
  } finally {
    child.kill();
  }
}
