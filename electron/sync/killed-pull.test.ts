import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeStore, type TestStore } from "#electron/cache/testing/test-store.ts";
import { pull } from "./pull.ts";
import { longSessionId, makeLongHistory, MESSAGES } from "./testing/long-history.ts";

let test: TestStore;
beforeEach(() => {
  test = makeStore();
});
afterEach(() => test.remove());

/** Pulls in a process that is killed after so many pages; answers the rows it had stored by then. */
async function pullUntil(pages: number): Promise<number> {
  const script = fileURLToPath(new URL("testing/pull-until-killed.ts", import.meta.url));
  const key = Buffer.from(test.options.key).toString("hex");
  const child = spawn(process.execPath, [script, test.folder, key]);
  const exited = once(child, "exit");
  let last = 0;
  let told = 0;
  for await (const line of createInterface(child.stdout)) {
    last = Number(line);
    if (++told === pages) child.kill("SIGKILL");
  }
  await exited;
  return last;
}

it("S2: a first pull that is killed twice goes on where it stopped, and ends whole", async () => {
  const done = (await pullUntil(5)) + (await pullUntil(7));
  expect(done).toBeGreaterThanOrEqual(12 * 100);
  const cache = await test.open();
  const state = await cache.read("feed.state", {});
  // S1: no cursor before the last row.
  expect(state).toMatchObject({ cursor: null, asOf: null, pass: { next: {} } });

  const pulled = await pull({
    cache,
    remote: makeLongHistory(),
    signal: new AbortController().signal,
    pageSize: 100,
    onChanged: () => {},
    onProgress: () => {},
  });
  // Two rows more than messages: the session and its access row.
  expect(pulled).toMatchObject({ ok: true, value: { resumed: true } });
  expect(pulled.ok && pulled.value.rows).toBeLessThanOrEqual(MESSAGES + 2 - done);
  const seqs: (number | null)[] = [];
  for (let before: number | null = null; before !== 1; before = seqs[0] ?? 1) {
    const page = { sessionId: longSessionId, beforeSeq: before, limit: 500 };
    seqs.unshift(...(await cache.read("messages.list", page)).messages.map(({ seq }) => seq));
  }
  expect(seqs).toEqual(Array.from({ length: MESSAGES }, (_, at) => at + 1));
  expect((await cache.read("cache.stats", {})).messages).toBe(MESSAGES);
}, 60_000);
