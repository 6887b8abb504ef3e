import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "#tools/launch/root.ts";

export type Turn = { from: "doctor" | "patient"; text: string };
export type Dialogue = { id: string; turns: Turn[] };

const file = join(root, "..", "shared", "data", "mts-dialog", "MTS-Dialog-TrainingSet.csv");

export const noDialogues =
  "needs the MTS-Dialog data set beside the project (../shared/data/mts-dialog)";

export function hasDialogues(): boolean {
  return existsSync(file);
}

/** Picks `count` real dialogues between a doctor and a patient, spread over the whole set. */
export function readDialogues(count: number): Dialogue[] {
  const [, ...rows] = parseCsv(readFileSync(file, "utf8"));
  const usable = rows
    .map((row) => ({ id: row[0] ?? "", turns: parseTurns(row[3] ?? "") }))
    .filter(({ turns }) => new Set(turns.map(({ from }) => from)).size === 2);
  const step = usable.length / count;
  return Array.from({ length: count }, (_, index) => usable[Math.floor(index * step)]!);
}

/** Reads lines such as `Doctor: …`; a dialogue in which anybody else speaks has no turns here. */
function parseTurns(dialogue: string): Turn[] {
  const turns: Turn[] = [];
  for (const line of dialogue.split(/\r?\n/)) {
    const [, speaker, words = ""] = /^(\w+):\s*(.*)$/.exec(line.trim()) ?? [];
    if (speaker === undefined) continue;
    if (speaker !== "Doctor" && speaker !== "Patient") return [];
    const text = words.trim();
    if (text) turns.push({ from: speaker === "Doctor" ? "doctor" : "patient", text });
  }
  return turns;
}

/** Reads comma-separated rows whose quoted fields may hold commas, quotes and line ends. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const match of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    if (match[3] === ",") continue;
    if (row.some(Boolean)) rows.push(row);
    row = [];
  }
  return rows;
}
