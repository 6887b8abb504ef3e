import { describe, expect, it } from "vitest";
import { row, type Part } from "./results.ts";
import { performancePage } from "./table.ts";

const summary = { p50: 2, p95: 4, max: 9, count: 100 };
const limit = { what: "bare SQL", value: { p50: 1, p95: 2, max: 3, count: 100 } };

describe("row", () => {
  it("judges by the 95th percentile, and compares the medians", () => {
    const target = { is: "at most", value: 4, unit: "ms" } as const;
    expect(row({ goal: "list", target, measured: summary, limit })).toMatchObject({
      met: true,
      ratio: 2,
    });
    const tighter = { ...target, value: 3.9 };
    expect(row({ goal: "list", target: tighter, measured: summary, limit }).met).toBe(false);
  });

  it("turns the judgement round where more is better", () => {
    const target = { is: "at least", value: 100, unit: "rows/s" } as const;
    const given = { goal: "sync", target, limit: { what: "bare fetch", value: 200 } };
    expect(row({ ...given, measured: 100 }).met).toBe(true);
    expect(row({ ...given, measured: 99 })).toMatchObject({ met: false, ratio: 0.495 });
  });
});

describe("performancePage", () => {
  const part = (quick: boolean): Part => ({
    at: "2026-01-02T03:04:05.000Z",
    quick,
    machine: {
      processor: "A processor",
      cores: 2,
      memoryGb: 8,
      platform: "linux x64",
      node: "v24.0.0",
      loadBefore: 0.1,
      loadAfter: 1,
    },
    on: ["10 rows."],
    rows: [
      row({
        goal: "list",
        target: { is: "at most", value: 3, unit: "ms" },
        measured: summary,
        limit,
        note: "it was too slow",
      }),
    ],
  });

  it("shows a missed goal as missed, with its figures, its limit and why", () => {
    const page = performancePage({ cache: part(false) });
    expect(page).toContain("| list | ≤ 3 ms | 2 | 4 | 9 | bare SQL | 1 | 2 | 2 × | **no** |");
    expect(page).toContain("- list: it was too slow");
    expect(page).not.toContain("quick run");
  });

  it("says that a quick run is too small to judge by", () => {
    expect(performancePage({ sync: part(true) })).toContain("A quick run");
  });
});
