import { parseArgs } from "node:util";
import { measureCache } from "./cache/cache-part.ts";
import { saveResults, type Results } from "./lib/results.ts";
import { isCancelled, withRun } from "./lib/run.ts";
import { readSize } from "./lib/size.ts";
import { measureSync } from "./sync/sync-part.ts";

// `npm run bench`: measures each goal beside its limit and writes bench/results.json and
// docs/performance.md. Named parts run alone: `cache`, `sync`. `--no-save` only prints.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: {
    quick: { type: "boolean", default: false },
    save: { type: "boolean", default: true },
  },
});

const parts = positionals.length > 0 ? positionals : ["cache", "sync"];
const unknown = parts.filter((part) => part !== "cache" && part !== "sync");
if (unknown.length > 0) throw new Error(`no part ${unknown.join(", ")}: there are cache and sync`);

const size = readSize(values.quick);
const results: Results = {};
try {
  if (parts.includes("cache")) results.cache = await withRun(size, measureCache);
  if (parts.includes("sync")) results.sync = await withRun(size, measureSync);
} catch (error) {
  if (!isCancelled(error)) throw error;
  console.error("Cancelled; what it had made is removed.");
  process.exit(130);
}

for (const part of [results.cache, results.sync]) {
  for (const { goal, target, measured, limit, ratio, met } of part?.rows ?? []) {
    console.log(
      JSON.stringify({
        goal,
        target: `${target.is} ${target.value} ${target.unit}`,
        measured,
        limit,
        ratio,
        met,
      }),
    );
  }
}
if (values.save) await saveResults(results);
