import { describe, expect, it } from "vitest";
import { summarise } from "./samples.ts";

describe("summarise", () => {
  it("gives the median, the 95th percentile and the worst", () => {
    const samples = Array.from({ length: 100 }, (_, at) => 100 - at);
    expect(summarise(samples)).toEqual({ p50: 50, p95: 95, max: 100, count: 100 });
  });

  it("gives the one sample that there is", () => {
    expect(summarise([7])).toEqual({ p50: 7, p95: 7, max: 7, count: 1 });
  });

  it("refuses to say anything about nothing", () => {
    expect(() => summarise([])).toThrow("nothing was measured");
  });
});
