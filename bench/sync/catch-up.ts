import type { Cache } from "#electron/cache/cache.ts";
import { startSync } from "#electron/sync/engine.ts";
import { pull } from "#electron/sync/pull.ts";
import { row, type Row } from "../lib/results.ts";
import type { Run } from "../lib/run.ts";
import { summarise, timed, type Summary } from "../lib/samples.ts";
import { PAGE_SIZE } from "../cache/build-store.ts";
import { bareCall, openRemote } from "./bench-remote.ts";
import { quiet } from "./first-pull.ts";
import type { ServerProcess } from "./server-process.ts";

/** What a doctor's week brings. */
const CHANGES = 500;
/** Added to every request, so that a round trip too many shows. */
const TRIP_MS = 40;

/** A week offline: 500 new messages, through a network of 40 ms, by the pass alone and by the engine. */
export async function measureCatchUp(
  run: Run,
  server: ServerProcess,
  cache: Cache,
): Promise<Row[]> {
  const rounds = run.size.quick ? 5 : 20;
  const delayed = openRemote(server, TRIP_MS);
  const passes: number[] = [];
  const whole: number[] = [];
  const bare: number[] = [];
  let passTrips = 0;
  let wholeTrips = 0;
  const pass = async (): Promise<void> => {
    const pulled = await pull({
      cache,
      remote: delayed.remote,
      signal: run.signal,
      pageSize: PAGE_SIZE,
      onChanged: () => undefined,
      onProgress: () => undefined,
    });
    if (!pulled.ok) throw new Error(`the pass failed: ${pulled.fault}`);
  };
  for (let round = 0; round < rounds; round++) {
    run.progress("weeks offline", round, rounds);
    const { cursor } = await cache.read("feed.state", {});
    await server.ask({ ask: "messages", count: CHANGES });
    bare.push(
      await timed(async () => {
        await bareCall(server, "sync_snapshot");
        await bareCall(server, "pull_since", {
          p_prev: cursor,
          p_after_xid: "0",
          p_after_id: "00000000-0000-0000-0000-000000000000",
          p_limit: PAGE_SIZE,
        });
      }),
    );
    const before = delayed.count();
    passes.push(await timed(pass));
    passTrips = Math.max(passTrips, delayed.count() - before);

    await server.ask({ ask: "messages", count: CHANGES });
    const atStart = delayed.count();
    const asked = performance.now();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const tooLong = setTimeout(() => reject(new Error("the week never came")), 60_000);
    const engine = startSync({
      cache,
      remote: delayed.remote,
      events: { ...quiet, onMessages: () => resolve() },
    });
    try {
      // The rows of 500 messages are one page: told of once, when it is stored.
      await promise;
      whole.push(performance.now() - asked);
      wholeTrips = Math.max(wholeTrips, delayed.count() - atStart);
    } finally {
      clearTimeout(tooLong);
      await engine.stop();
    }
  }
  const limit: { what: string; value: Summary } = {
    what: "bare fetch: snapshot and page, on loopback",
    value: summarise(bare),
  };
  const target = { is: "at most", value: 2 * TRIP_MS + 50, unit: "ms" } as const;
  return [
    row({
      goal: `a week offline: ${CHANGES} messages, the pass`,
      target,
      measured: summarise(passes),
      limit,
      note: `the goal is two round trips and 50 ms, here of ${TRIP_MS} ms each; it made ${passTrips} requests`,
    }),
    row({
      goal: "a week offline, from the start of the engine",
      target,
      measured: summarise(whole),
      limit,
      note: `until the messages are stored; ${wholeTrips} requests, for the calendar is read first, each of its lists until a page is empty`,
    }),
  ];
}
