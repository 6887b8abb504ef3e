import { describe, expect, it } from "vitest";
import { RateWindow } from "./limits.ts";

describe("RateWindow", () => {
  it("counts what happened within its window, and forgets what is older", () => {
    const window = new RateWindow(2, 1000);
    expect([window.take(0), window.take(500), window.take(900)]).toEqual([true, true, false]);
    expect([window.take(1001), window.take(1400), window.take(1501)]).toEqual([true, false, true]);
  });
});
