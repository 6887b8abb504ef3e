import { expect, it } from "vitest";
import { summarise } from "./tally.ts";

it("adds the suites up and gives each kind of skip its reason once", () => {
  const told = summarise([
    { passed: 3, failed: 0, skipped: [{ name: "a", reason: "no Electron" }] },
    {
      passed: 4,
      failed: 1,
      skipped: [
        { name: "b", reason: "no Electron" },
        { name: "c", reason: "no data" },
      ],
    },
  ]);
  expect(told.failed).toBe(1);
  expect(told.lines).toEqual([
    "skipped 2: no Electron",
    "skipped 1: no data",
    "7 passed, 1 failed, 3 skipped",
  ]);
});

it("has the bare line alone when nothing was skipped", () => {
  expect(summarise([{ passed: 1, failed: 0, skipped: [] }]).lines).toEqual([
    "1 passed, 0 failed, 0 skipped",
  ]);
});
