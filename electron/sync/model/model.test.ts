import * as fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { mutations } from "./mutations.ts";
import { noTally, runSchedule } from "./run-schedule.ts";
import { schedules } from "./schedule.ts";

// Random schedules against a server in memory. `SYNC_SCHEDULES` says how many; a failure names its
// seed and path, which `SYNC_SEED` and `SYNC_PATH` run again.

const numRuns = Number(process.env["SYNC_SCHEDULES"] ?? 300);
const seed = Number(process.env["SYNC_SEED"] ?? Date.now() % 2 ** 31);
const path = process.env["SYNC_PATH"];

/** The schedules among which each missing guard must be found: always the same ones. */
const SAMPLE = { numRuns: 400, seed: 1 };

afterEach(() => void vi.useRealTimers());

describe("random schedules", () => {
  it("S1–S12: lose, keep and double nothing", { timeout: 0 }, async () => {
    const tally = noTally();
    process.stdout.write(`sync schedules: ${numRuns} from seed ${seed}\n`);
    const property = fc.asyncProperty(schedules, (schedule) => runSchedule(schedule, tally));
    await fc.assert(property, { numRuns, seed, ...(path !== undefined && { path }) });
    const { commands, steps, writes, kills, told, rows } = tally;
    process.stdout.write(
      `sync schedules: ${commands} commands, ${steps} steps, ${writes} writes checked, ${kills} kills, ${told} broadcasts, ${rows} rows at the ends, 0 violations\n`,
    );
    expect(writes).toBeGreaterThan(numRuns);
  });

  for (const [name, mutation] of Object.entries(mutations)) {
    it(`find out that there is ${name}`, { timeout: 120_000 }, async () => {
      const property = fc.asyncProperty(schedules, (schedule) =>
        runSchedule(schedule, noTally(), mutation),
      );
      const found = await fc.check(property, { ...SAMPLE, endOnFailure: true });
      const error = found.errorInstance instanceof Error ? found.errorInstance.message : "";
      process.stdout.write(
        `${name}: found by schedule ${found.numRuns} of seed ${SAMPLE.seed}: ${error.split("\n")[0]?.slice(0, 160)}\n`,
      );
      expect(found.failed).toBe(true);
    });
  }
});
