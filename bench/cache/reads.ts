import { openCache, type Cache } from "#electron/cache/cache.ts";
import { searchQuery } from "#electron/cache/fold.ts";
import { ridOf } from "#electron/cache/rid.ts";
import { WorkerClient } from "#electron/cache/worker-client.ts";
import { clinicPages, sessionIdAt } from "../lib/clinic-rows.ts";
import type { Dialogues } from "../lib/dialogues.ts";
import { row, type Row } from "../lib/results.ts";
import type { Run } from "../lib/run.ts";
import { sample, sampleFor, summarise, timed, type Summary } from "../lib/samples.ts";
import { LIST_SQL, openBare, SEARCH_SQL, TRANSCRIPT_SQL } from "./bare.ts";
import { PAGE_SIZE, type BuiltStore } from "./build-store.ts";

const FIRST_LIST = { limit: 50, before: null };

/** From nothing to the first list, with and without the start of the two threads. */
export async function measureOpen(run: Run, { options }: BuiltStore): Promise<Row[]> {
  const rounds = run.size.quick ? 10 : 30;
  const whole: number[] = [];
  const files: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    run.progress("opening the store", round, rounds);
    const start = performance.now();
    const cache = await openCache(options);
    await cache.read("sessions.list", FIRST_LIST);
    // The first round compiles; it is no start of an app.
    if (round > 0) whole.push(performance.now() - start);
    await cache.close();

    const { workerUrl, ...store } = options;
    const writer = new WorkerClient(workerUrl, { ...store, role: "writer" });
    const reader = new WorkerClient(workerUrl, { ...store, role: "reader" });
    // Answered once the threads run; the store is not opened yet.
    await Promise.allSettled([writer.call("none", {}), reader.call("none", {})]);
    const opening = performance.now();
    await writer.open();
    await reader.open();
    await reader.call("sessions.list", FIRST_LIST);
    if (round > 0) files.push(performance.now() - opening);
    await reader.close();
    await writer.close();
  }
  const bare = await sample(rounds, () => {
    const db = openBare(options);
    db.prepare(LIST_SQL).all();
    db.close();
  });
  const limit = { what: "bare SQL: open one file with its key, list 50", value: bare };
  return [
    row({
      goal: "database open → first list",
      target: { is: "at most", value: 25, unit: "ms" },
      measured: summarise(files),
      limit,
      note: "the two threads run already; the writer opens and checks both files before the reader opens them again",
    }),
    row({
      goal: "the same, with the start of the threads",
      target: { is: "at most", value: 25, unit: "ms" },
      measured: summarise(whole),
      limit,
      note: "each thread starts Node anew and loads the worker's code, the two at once",
    }),
  ];
}

/** Lists and transcripts, at rest and while the writer stores page after page. */
export async function measureReads(
  run: Run,
  cache: Cache,
  store: BuiltStore,
  dialogues: Dialogues,
): Promise<Row[]> {
  const db = openBare(store.options);
  run.onEnd(() => db.close());
  const { sessions, rounds } = run.size;
  const long = (round: number): number => ((round * 7_919) % (sessions / 10)) * 10;
  const list = () => cache.read("sessions.list", FIRST_LIST);
  const open = (round: number) =>
    cache.read("messages.list", {
      sessionId: sessionIdAt(long(round)),
      beforeSeq: null,
      limit: 200,
    });

  run.progress("lists and transcripts");
  const listLimit = await sample(rounds, () => db.prepare(LIST_SQL).all());
  const transcript = db.prepare(TRANSCRIPT_SQL);
  const openLimit = await sample(rounds, (round) => {
    const key = long(round) + 1;
    return transcript.all(ridOf(key, 0), ridOf(key + 1, 0));
  });
  const atRest = { list: await sample(rounds, list), open: await sample(rounds, open) };
  const busyMs = run.size.quick ? 1_000 : 5_000;
  const inSync = await duringSync(run, cache, dialogues, async () => ({
    list: await sampleFor(busyMs, list),
    open: await sampleFor(busyMs, open),
  }));

  const listRow = (goal: string, measured: Summary, note?: string): Row =>
    row({
      goal,
      target: { is: "at most", value: 3, unit: "ms" },
      measured,
      limit: { what: "bare SQL in this thread, 50 rows", value: listLimit },
      note,
    });
  const openRow = (goal: string, measured: Summary, note?: string): Row =>
    row({
      goal,
      target: { is: "at most", value: 5, unit: "ms" },
      measured,
      limit: { what: "bare SQL in this thread, 200 rows", value: openLimit },
      note,
    });
  return [
    listRow("list of 50 consultations", atRest.list),
    listRow("list, during a sync", inSync.value.list),
    openRow("open 200 messages", atRest.open),
    openRow(
      "open 200 messages, during a sync",
      inSync.value.open,
      `${inSync.pages} pages of ${PAGE_SIZE} rows were stored meanwhile`,
    ),
  ];
}

/** Runs the work while new sessions come in as fast as the writer takes them. */
async function duringSync<T>(
  run: Run,
  cache: Cache,
  { turns }: Dialogues,
  work: () => Promise<T>,
): Promise<{ value: T; pages: number }> {
  const from = run.size.sessions;
  let done = false;
  let pages = 0;
  const write = async (): Promise<void> => {
    const source = clinicPages(from, from * 2, PAGE_SIZE, { turns, liveFrom: from * 2 });
    for (const page of source) {
      if (done) return;
      await cache.write("feed.applyPage", {
        page,
        snapshot: "1000000:1000000:",
        serverTime: "2026-01-01T00:00:00Z",
      });
      pages++;
    }
  };
  const writing = write();
  try {
    return { value: await work(), pages };
  } finally {
    done = true;
    await writing;
  }
}

/** What is typed into the search field: the words of many messages, of few, and of nearly all. */
export async function measureSearch(
  run: Run,
  cache: Cache,
  store: BuiltStore,
  { turns }: Dialogues,
): Promise<Row[]> {
  const db = openBare(store.options);
  run.onEnd(() => db.close());
  const bare = db.prepare(SEARCH_SQL);
  const words = chooseWords(turns.map(({ text }) => text));
  const rows: Row[] = [];
  for (const [goal, text] of Object.entries(words)) {
    run.progress(`search: ${goal}`);
    const rounds = run.size.quick ? 20 : 60;
    const query = searchQuery(text) ?? "";
    const hits = await cache.read("messages.search", { text, limit: 50 });
    // A slow search is measured less often: a hundred of them would say nothing more.
    const slow = (await timed(() => cache.read("messages.search", { text, limit: 50 }))) > 200;
    const count = slow ? 20 : rounds;
    rows.push(
      row({
        goal: `search: ${goal}`,
        target: { is: "at most", value: 10, unit: "ms" },
        measured: await sample(count, () => cache.read("messages.search", { text, limit: 50 })),
        limit: {
          what: "bare FTS5 in this thread, newest 50",
          value: await sample(count, () => bare.all(query)),
        },
        note: hits.length === 0 ? "found nothing, which is wrong" : undefined,
      }),
    );
  }
  return rows;
}

/** A rare word, the commonest long word, a phrase, and two beginnings of two letters, of these texts. */
function chooseWords(texts: readonly string[]): Record<string, string> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of new Set(text.toLowerCase().match(/[a-z]{6,}/g))) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  const byCount = [...counts].toSorted((a, b) => b[1] - a[1]);
  const common = byCount[0]?.[0] ?? "";
  const rare = byCount.findLast(([, count]) => count <= 2)?.[0] ?? byCount.at(-1)?.[0] ?? "";
  const middle = byCount[Math.floor(byCount.length / 20)]?.[0] ?? common;
  const both = texts.find(
    (text) => text.includes(common) && /\b[a-z]{6,} .*\b[a-z]{6,}\b/.test(text),
  );
  const other = both?.match(/\b[a-z]{6,}\b/g)?.find((word) => word !== common) ?? middle;
  const phrase =
    texts.flatMap(
      (text) => text.toLowerCase().match(/\b[a-z]{3,} [a-z]{3,} [a-z]{3,}\b/g) ?? [],
    )[0] ?? common;
  return {
    "a rare word": rare,
    "a word": middle,
    "the commonest word": common,
    "two words": `${other} ${common}`,
    "a phrase": `"${phrase}"`,
    "two letters": rare.slice(0, 2),
    "two common letters": "th",
  };
}
