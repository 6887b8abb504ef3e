import { openCache } from "#electron/cache/cache.ts";
import { describeTexts, readDialogues } from "../lib/dialogues.ts";
import { currentLoad, describeMachine } from "../lib/machine.ts";
import { row, type Part } from "../lib/results.ts";
import type { Run } from "../lib/run.ts";
import { insertBare } from "./bare.ts";
import { buildStore, buildWorker } from "./build-store.ts";
import { measureBytes, measureMemory } from "./footprint.ts";
import { measureOpen, measureReads, measureSearch } from "./reads.ts";
import { measureRevocation, measureSend } from "./writes.ts";

/** Measures the local store by itself: the product's modules in their real worker threads. */
export async function measureCache(run: Run): Promise<Part> {
  const load = currentLoad();
  const dialogues = readDialogues();
  run.progress("building the worker");
  const worker = await buildWorker(run);
  const store = await buildStore(run, worker, dialogues);
  const bytes = measureBytes(store);
  const memory = await measureMemory(run, store);
  const opened = await measureOpen(run, store);
  const cache = await openCache(store.options);
  run.onEnd(() => cache.close());
  const search = await measureSearch(run, cache, store, dialogues);
  const reads = await measureReads(run, cache, store, dialogues);
  const send = await measureSend(run, cache);
  const revocation = await measureRevocation(run, cache, store);
  return {
    at: new Date().toISOString(),
    quick: run.size.quick,
    machine: describeMachine(load),
    on: [
      `${run.size.sessions.toLocaleString("en-US")} sessions with ${store.messages.toLocaleString("en-US")} messages;`,
      describeTexts(dialogues),
    ],
    rows: [
      ...opened,
      ...reads,
      ...search,
      send,
      revocation,
      row({
        goal: "rows stored by the writer thread",
        target: { is: "at least", value: 20_000, unit: "rows/s" },
        measured: store.rowsPerSecond,
        limit: {
          what: "bare SQL: the texts into one encrypted table, no index",
          value: insertBare(
            run.folder,
            dialogues.turns.map(({ text }) => text),
            Math.min(store.messages, 200_000),
          ),
        },
        note: "a fifth of it is the checking of the rows, the rest mostly the search index and the encryption",
      }),
      bytes,
      memory,
    ],
  };
}
