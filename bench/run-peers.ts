import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { clinicPages } from "./lib/clinic-rows.ts";
import { describeTexts, readDialogues, type Dialogues } from "./lib/dialogues.ts";
import { currentLoad, describeMachine } from "./lib/machine.ts";
import type { PeerAnswer, PeerJob, PeerRows } from "./lib/peer.ts";
import { saveResults, type PeerRow, type Peers } from "./lib/results.ts";
import { isCancelled, withRun, type Run } from "./lib/run.ts";
import { summarise } from "./lib/samples.ts";
import { countOf, readSize } from "./lib/size.ts";

// `npm run bench:peers`: installs the package of bench/peers and measures each of its stores, and the
// product's, on the same rows.

const PACKAGE = fileURLToPath(new URL("./peers/", import.meta.url));
const MODULES = [
  "./cache/product-peer.ts",
  "./peers/node-sqlite.mjs",
  "./peers/json-file.mjs",
  "./peers/pglite.mjs",
  "./peers/tinybase.mjs",
  "./peers/rxdb.mjs",
];
const quick = process.argv.includes("--quick");
const only = process.argv.slice(2).filter((name) => !name.startsWith("--"));

async function measurePeers(run: Run): Promise<Peers> {
  const load = currentLoad();
  const sessions = countOf("BENCH_PEER_SESSIONS", quick ? 50 : 1_000);
  run.progress("installing the peers");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  execFileSync(npm, ["ci", "--ignore-scripts"], { cwd: PACKAGE, stdio: ["ignore", "ignore", 2] });
  const dialogues = readDialogues();
  const rows = makeRows(sessions, dialogues);
  const rowsFile = join(run.folder, "rows.json");
  writeFileSync(rowsFile, JSON.stringify(rows));
  const measured: PeerRow[] = [];
  for (const module of MODULES) {
    if (only.length > 0 && !only.some((name) => module.includes(name))) continue;
    measured.push(await measurePeer(run, module, rows, rowsFile));
  }
  return {
    at: new Date().toISOString(),
    quick,
    machine: describeMachine(load),
    on: [
      `${rows.sessions.length.toLocaleString("en-US")} sessions with ${rows.messages.length.toLocaleString("en-US")} messages;`,
      describeTexts(dialogues),
    ],
    rows: measured,
  };
}

function makeRows(sessions: number, { turns }: Dialogues): PeerRows {
  const rows: PeerRows = { sessions: [], messages: [] };
  for (const page of clinicPages(0, sessions, 2_000, { turns, liveFrom: sessions })) {
    for (const [kind, , id, values] of page.rows) {
      const value = (name: string): unknown =>
        values[page.columns[kind === "session" ? "session" : "message"].indexOf(name)];
      if (kind === "session") {
        const startedAt = Date.parse(String(value("started_at")));
        rows.sessions.push({ id, startedAt, patient: String(value("patient_id")) });
      } else if (kind === "message") {
        rows.messages.push({
          id,
          sessionId: String(value("session_id")),
          seq: Number(value("seq")),
          sender: String(value("sender_id")),
          text: String(value("content")),
        });
      }
    }
  }
  return rows;
}

async function measurePeer(
  run: Run,
  module: string,
  { sessions, messages }: PeerRows,
  rowsFile: string,
): Promise<PeerRow> {
  const name = module.replaceAll(/^.*\/|\.\w+$/g, "");
  run.progress(`loading ${name}`);
  const folder = join(run.folder, name);
  mkdirSync(folder);
  const job: Omit<PeerJob, "step"> = {
    module: new URL(module, import.meta.url).href,
    folder,
    rowsFile,
    words: rareWords(messages.map(({ text }) => text)),
    // Each tenth session is long enough for 200 messages.
    sessions: sessions.flatMap(({ id }, at) => (at % 10 === 0 ? [id] : [])).slice(0, 50),
  };
  const loaded = await inProcess(run, { ...job, step: "load" });
  const fileMb = bytesIn(folder) / 2 ** 20;
  const reads: PeerAnswer[] = [];
  for (let round = 0; round < 3; round++) {
    run.progress(`opening ${name}`, round, 3);
    reads.push(await inProcess(run, { ...job, step: "read" }));
  }
  return {
    name: loaded.name,
    version: loaded.version,
    loadMs: loaded.loadMs,
    openMs: summarise(reads.map(({ openMs }) => openMs)),
    transcriptMs: summarise(reads.flatMap(({ transcriptMs }) => transcriptMs)),
    searchMs: summarise(reads.flatMap(({ searchMs }) => searchMs)),
    fileMb,
    rssMb: summarise(reads.map(({ rssMb }) => rssMb)).p50,
    note: reads.some(({ found }) => found === 0) ? "found nothing, which is wrong" : loaded.note,
  };
}

/** Ten long words, of those that the fewest messages hold. */
function rareWords(texts: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of new Set(text.match(/\b[a-z]{8,}\b/g))) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return [...counts]
    .toSorted((a, b) => a[1] - b[1])
    .slice(0, 10)
    .map(([word]) => word);
}

async function inProcess(run: Run, job: PeerJob): Promise<PeerAnswer> {
  const child = fork(new URL("./lib/peer-child.ts", import.meta.url), {
    signal: run.signal,
    execArgv: ["--max-old-space-size=8192"],
  });
  // The abort is seen by whoever waits for the answer.
  child.on("error", () => undefined);
  const ended = new AbortController();
  child.once("exit", () => ended.abort());
  try {
    child.send(job);
    const signal = AbortSignal.any([run.signal, ended.signal, AbortSignal.timeout(1_200_000)]);
    const [answer] = (await once(child, "message", { signal })) as [PeerAnswer];
    return answer;
  } finally {
    child.kill();
  }
}

const bytesIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

try {
  const peers = await withRun(readSize(quick), measurePeers);
  for (const { name, openMs, transcriptMs, searchMs, loadMs, rssMb } of peers.rows) {
    console.log(
      JSON.stringify({
        name,
        loadMs,
        openMs: openMs.p50,
        transcriptMs: transcriptMs.p50,
        searchMs: searchMs.p50,
        rssMb,
      }),
    );
  }
  if (only.length === 0 && !process.argv.includes("--no-save")) await saveResults({ peers });
} catch (error) {
  if (!isCancelled(error)) throw error;
  console.error("Cancelled; what it had made is removed.");
  process.exitCode = 130;
}
