import type { Machine } from "./machine.ts";
import type { Part, PeerRow, Peers, Results, Row } from "./results.ts";
import type { Summary } from "./samples.ts";

const INTRODUCTION = `# How fast it is, and how fast it could be

This page is written by \`npm run bench\`, which also writes \`bench/results.json\`; nothing here is typed by hand. Each goal stands beside its limit: the same work done by the barest means (an SQL statement without the product, a plain file, a plain request, an idle loop), measured in the same run on the same machine. So the ratio says what the product costs, whatever the machine.

- \`npm run bench\`: everything at full size (10,000 sessions, 1,000,000 messages). \`-- --quick\` is small.
- \`npm run bench:cache\` and \`npm run bench:sync\`: a part. \`npm run bench:peers\`: other local stores on the same rows.
- \`BENCH_SESSIONS\`, \`BENCH_SYNC_SESSIONS\`, \`BENCH_PEER_SESSIONS\` set the sizes. Ctrl+C ends a run and removes its files.

A goal is judged by the 95th percentile; the ratio is that of the medians. Where the limit's own p95 is far above its median, other work disturbed both. Times are as the caller on the main thread sees them: the hop to the worker thread and back is in it, the way to the page and the painting are not. Losses, ghosts and doubles are counted by the soak, not here.`;

/** The whole of docs/performance.md. */
export function performancePage({ cache, sync, peers }: Results): string {
  return [
    INTRODUCTION,
    ...(cache ? [part("The local store", cache)] : []),
    ...(sync ? [part("Sync", sync)] : []),
    ...(peers ? [peersSection(peers)] : []),
    "",
  ].join("\n\n");
}

function describe({ at, quick, machine, on }: Omit<Part, "rows">): string {
  return [
    `Measured ${at.slice(0, 16).replace("T", " ")} UTC on ${describeMachine(machine)}.`,
    ...(quick ? ["**A quick run: too small to judge by.**"] : []),
    ...on,
  ].join(" ");
}

function describeMachine(machine: Machine): string {
  const { processor, cores, memoryGb, platform, node, loadBefore, loadAfter } = machine;
  const busy =
    Math.max(loadBefore, 0) > cores * 0.5 ? " The machine was busy with other work." : "";
  return `${processor}, ${cores} cores, ${memoryGb} GB, ${platform}, Node ${node}; load ${loadBefore} before and ${loadAfter} at the end.${busy}`.replace(
    /\.$/,
    "",
  );
}

function part(title: string, measured: Part): string {
  const head = [
    "Goal",
    "Target",
    "p50",
    "p95",
    "worst",
    "Limit",
    "its p50",
    "its p95",
    "Ratio",
    "Met",
  ];
  const lines = measured.rows.map((row) => [
    row.goal,
    `${row.target.is === "at most" ? "≤" : "≥"} ${figure(row.target.value)} ${row.target.unit}`,
    ...spread(row.measured),
    row.limit.what,
    ...spread(row.limit.value).slice(0, 2),
    `${figure(row.ratio)} ×`,
    row.met ? "yes" : "**no**",
  ]);
  return [`## ${title}`, describe(measured), table(head, lines), ...notes(measured.rows)].join(
    "\n\n",
  );
}

const spread = (value: Summary | number): string[] =>
  typeof value === "number"
    ? [figure(value), "", ""]
    : [figure(value.p50), figure(value.p95), figure(value.max)];

function notes(rows: readonly Row[]): string[] {
  const noted = rows.filter(({ note }) => note !== null);
  return noted.length === 0 ? [] : [noted.map(({ goal, note }) => `- ${goal}: ${note}`).join("\n")];
}

function peersSection(peers: Peers): string {
  const head = [
    "Store",
    "Version",
    "Load, s",
    "Open and list, ms",
    "200 messages, ms",
    "Rare word, first search, ms",
    "File, MB",
    "Memory, MB",
  ];
  const lines = peers.rows.map((row: PeerRow) => [
    row.name,
    row.version,
    figure(row.loadMs / 1_000),
    figure(row.openMs.p50),
    figure(row.transcriptMs.p50),
    figure(row.searchMs.p50),
    figure(row.fileMb),
    figure(row.rssMb),
  ]);
  const noted = peers.rows.flatMap(({ name, note }) => (note ? [`- ${name}: ${note}`] : []));
  return [
    "## Other local stores on the same rows",
    describe(peers),
    "Medians; each store in a process of its own.",
    table(head, lines),
    noted.join("\n"),
  ].join("\n\n");
}

const table = (head: readonly string[], lines: readonly string[][]): string =>
  [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const figure = (value: number): string => {
  const rounded = Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(2));
  return rounded.toLocaleString("en-US", { maximumFractionDigits: 3 });
};
