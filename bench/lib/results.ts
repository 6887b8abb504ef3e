import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { format } from "prettier";
import type { Machine } from "./machine.ts";
import type { Summary } from "./samples.ts";
import { performancePage } from "./table.ts";

/** One goal, what the product reached, and the limit that was measured in the same run. */
export type Row = {
  goal: string;
  target: { is: "at most" | "at least"; value: number; unit: string };
  measured: Summary | number;
  limit: { what: string; value: Summary | number };
  /** How many times the limit the product takes, by their medians: those bear a busy machine best. */
  ratio: number;
  met: boolean;
  note: string | null;
};

export type Part = {
  at: string;
  quick: boolean;
  machine: Machine;
  /** What was measured on: rows, texts, server. */
  on: string[];
  rows: Row[];
};

export type PeerRow = {
  name: string;
  version: string;
  loadMs: number;
  openMs: Summary;
  transcriptMs: Summary;
  searchMs: Summary;
  fileMb: number;
  rssMb: number;
  note: string | null;
};

export type Peers = Omit<Part, "rows"> & { rows: PeerRow[] };

export type Results = { cache?: Part; sync?: Part; peers?: Peers };

/** The figure by which a goal is judged: the 95th percentile, or the figure itself. */
const judged = (value: Summary | number): number => (typeof value === "number" ? value : value.p95);

const median = (value: Summary | number): number => (typeof value === "number" ? value : value.p50);

/** Makes a row and decides whether the goal is met. */
export function row(given: Omit<Row, "ratio" | "met" | "note"> & { note?: string }): Row {
  const value = judged(given.measured);
  const { is, value: target } = given.target;
  const ratio = median(given.measured) / median(given.limit.value);
  return {
    ...given,
    ratio,
    met: is === "at most" ? value <= target : value >= target,
    note: given.note ?? null,
  };
}

const FILE = new URL("../results.json", import.meta.url);
const PAGE = new URL("../../docs/performance.md", import.meta.url);

/** Puts one part's figures in the place of its former ones, in `results.json` and docs/performance.md. */
export async function saveResults(results: Results): Promise<void> {
  const before: Results = existsSync(FILE)
    ? (JSON.parse(readFileSync(FILE, "utf8")) as Results)
    : {};
  const all: Results = { ...before, ...results };
  const rounded = JSON.stringify(all, (_, value: unknown) =>
    typeof value === "number" ? Number(value.toPrecision(4)) : value,
  );
  writeFileSync(FILE, await format(rounded, { parser: "json", printWidth: 100 }));
  writeFileSync(PAGE, await format(performancePage(all), { parser: "markdown" }));
}
