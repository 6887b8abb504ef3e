import { existsSync, readFileSync } from "node:fs";

export type Turn = { role: "doctor" | "patient"; text: string };
export type Dialogues = { turns: Turn[]; source: string };

const FILE = new URL("../../../shared/data/mts-dialog/MTS-Dialog-TrainingSet.csv", import.meta.url);

/** Says where the texts come from, and how long they are. */
export function describeTexts({ turns, source }: Dialogues): string {
  const characters = turns.reduce((sum, { text }) => sum + text.length, 0) / turns.length;
  return `texts: ${source}, ${Math.round(characters)} characters on average.`;
}

/** The turns of real doctor-patient dialogues where the data set lies beside the project, else of invented ones. */
export function readDialogues(): Dialogues {
  const path = process.env["BENCH_DIALOGUES"] ?? FILE;
  if (!existsSync(path)) return { turns: inventTurns(), source: "invented sentences" };
  const turns = readCsv(readFileSync(path, "utf8"))
    .slice(1)
    .flatMap((row) => turnsOf(row[3] ?? ""));
  return {
    turns,
    source: `${turns.length.toLocaleString("en-US")} turns of MTS-Dialog (CC BY 4.0), repeated`,
  };
}

function turnsOf(dialogue: string): Turn[] {
  return dialogue.split("\n").flatMap((line): Turn[] => {
    const [, speaker, text] = /^\s*([^:]{1,30}):\s*(.+?)\s*$/.exec(line) ?? [];
    if (text === undefined) return [];
    return [{ role: speaker?.startsWith("Doctor") ? "doctor" : "patient", text }];
  });
}

/** Rows of a CSV file whose fields may be quoted and then hold commas, line ends and doubled quotes. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const match of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    const [, quoted, plain = "", end] = match;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  return rows;
}

function inventTurns(): Turn[] {
  const who = ["I have", "My son has", "She still has", "Do you have", "Since Monday he has"];
  const what = ["a fever", "chest pain", "a dry cough", "a headache", "blurry vision", "a rash"];
  const when = ["since last week", "in the morning", "after meals", "when walking", "at night"];
  const more = [
    "and it is getting worse, although I rest a lot and drink enough tea.",
    "and nothing that I took so far has helped me with it at all.",
    "but it does not keep me from my work or from my sleep.",
  ];
  return who.flatMap((a, at) =>
    what.flatMap((b) =>
      when.flatMap((c) =>
        more.map((d): Turn => ({
          role: at === 3 ? "doctor" : "patient",
          text: `${a} ${b} ${c} ${d}`,
        })),
      ),
    ),
  );
}
