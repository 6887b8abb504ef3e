import { afterEach, describe, expect, it } from "vitest";
import { fault, ok, type Result } from "#shared/contract/fault.ts";
import { RetryLoop } from "./retry-loop.ts";

let loop: RetryLoop;
afterEach(() => loop.stop());

const make = (work: (signal: AbortSignal) => Promise<Result<void>>, waitMs = 5) => {
  const faults: string[] = [];
  loop = new RetryLoop({
    work,
    onFault: (failed) => faults.push(failed.fault),
    onBug: (error) => faults.push(String(error)),
    waitMs: (failures) => waitMs * failures,
  });
  return faults;
};
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("a loop of work", () => {
  it("S14: runs one more round after the one that runs, however often it was asked", async () => {
    let rounds = 0;
    let atOnce = 0;
    make(async () => {
      atOnce++;
      expect(atOnce).toBe(1);
      rounds++;
      await pause(10);
      atOnce--;
      return ok(undefined);
    });
    await Promise.all(Array.from({ length: 50 }, () => loop.ask()));
    expect(rounds).toBe(2);
  });

  it("S15: tries again after a failure until it is done, and tells of each", async () => {
    let rounds = 0;
    const faults = make(async () => {
      rounds++;
      if (rounds === 2) throw new Error("a bug");
      return rounds < 4 ? fault("offline", "no network") : ok(undefined);
    });
    await loop.ask();
    expect(rounds).toBe(1);
    await expect.poll(() => rounds).toBe(4);
    await pause(30);
    expect(rounds).toBe(4);
    expect(faults).toEqual(["offline", "Error: a bug", "offline"]);
  });

  it("S15: does not wait when somebody asks", async () => {
    let rounds = 0;
    make(async () => (++rounds === 1 ? fault("offline", "no network") : ok(undefined)), 60_000);
    await loop.ask();
    await loop.ask();
    expect(rounds).toBe(2);
  });

  it("stops: the round that runs is aborted and waited for, and none follows", async () => {
    let ended = false;
    const faults = make(async (signal) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      ended = true;
      return fault("cancelled", "stopped");
    });
    const asked = loop.ask();
    await loop.stop();
    expect(ended).toBe(true);
    await asked;
    await loop.ask();
    expect(faults).toEqual([]);
  });
});
