import { openCache, type CacheOptions } from "#electron/cache/cache.ts";
import { sessionIdAt } from "../lib/clinic-rows.ts";
import { LIST_SQL, openBare, SEARCH_SQL, TRANSCRIPT_SQL } from "./bare.ts";

// A process of its own that reads as a morning's work does and says how much memory it took: with
// the product, or by bare SQL.

export type MemoryJob = {
  kind: "product" | "bare";
  options: Omit<CacheOptions, "key" | "workerUrl"> & { key: string; workerUrl: string };
  sessions: number;
};

process.once("message", (job: MemoryJob) => {
  void read(job).then(() => process.send?.(process.memoryUsage.rss() / 2 ** 20));
});

async function read({ kind, options: given, sessions }: MemoryJob): Promise<void> {
  const options: CacheOptions = {
    ...given,
    key: Buffer.from(given.key, "hex"),
    workerUrl: new URL(given.workerUrl),
  };
  const opened = Array.from({ length: 200 }, (_, at) => ((at * 7_919) % (sessions / 10)) * 10);
  if (kind === "bare") {
    const db = openBare(options);
    db.prepare(LIST_SQL).all();
    for (const session of opened) {
      const key = session + 1;
      db.prepare(TRANSCRIPT_SQL).all(key * 2 ** 20, (key + 1) * 2 ** 20);
    }
    db.prepare(SEARCH_SQL).all('"fever" *');
    return;
  }
  const cache = await openCache(options);
  await cache.read("sessions.list", { limit: 50, before: null });
  for (const session of opened) {
    await cache.read("messages.list", {
      sessionId: sessionIdAt(session),
      beforeSeq: null,
      limit: 200,
    });
  }
  await cache.read("messages.search", { text: "fever", limit: 50 });
}
