import { expect, it } from "vitest";
import { summariseTimes } from "./measure-delivery.ts";

it("gives the middle, and the time within which 95 of 100 arrive", () => {
  const times = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(summariseTimes(times)).toEqual({ count: 100, medianMs: 50, p95Ms: 95 });
});

it("takes the slowest of a few as their 95 of 100", () => {
  expect(summariseTimes([30, 10, 20])).toEqual({ count: 3, medianMs: 20, p95Ms: 30 });
});
