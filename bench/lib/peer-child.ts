import { readFileSync } from "node:fs";
import type { Peer, PeerAnswer, PeerJob, PeerRows } from "./peer.ts";
import { timed } from "./samples.ts";

// One store in a process of its own: filled once, or opened and read as at a start of the app.

process.once("message", (job: PeerJob) => {
  void run(job).then((answer) => process.send?.(answer));
});

async function run(job: PeerJob): Promise<PeerAnswer> {
  const { peer } = (await import(job.module)) as { peer: Peer };
  const { name, version, note } = peer;
  const answer: PeerAnswer = {
    name,
    version,
    note,
    loadMs: 0,
    openMs: 0,
    transcriptMs: [],
    searchMs: [],
    found: 0,
    rssMb: 0,
  };
  if (job.step === "load") {
    const rows = JSON.parse(readFileSync(job.rowsFile, "utf8")) as PeerRows;
    answer.loadMs = await timed(() => peer.load(job.folder, rows));
    return answer;
  }
  const start = performance.now();
  const open = await peer.open(job.folder);
  await open.list();
  answer.openMs = performance.now() - start;
  for (const session of job.sessions) {
    answer.transcriptMs.push(await timed(() => open.transcript(session)));
  }
  answer.found = Number.POSITIVE_INFINITY;
  for (const word of job.words) {
    let found: unknown[] = [];
    answer.searchMs.push(await timed(async () => (found = await open.search(word))));
    answer.found = Math.min(answer.found, found.length);
  }
  answer.rssMb = process.memoryUsage.rss() / 2 ** 20;
  await open.close();
  return answer;
}
