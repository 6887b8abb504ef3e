import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyPage } from "./feed.ts";
import {
  makePage,
  makeStore,
  newSessionId,
  openHere,
  pass,
  sessionRow,
  type TestStore,
} from "./testing/test-store.ts";

// What the operating system is told, seen from outside of the process.

const canTrace = spawnSync("strace", ["-f", "-o", "/dev/null", "true"]).status === 0;
const sessionId = newSessionId();
let test: TestStore;
beforeEach(() => {
  test = makeStore();
  const { store, close } = openHere(test.options);
  applyPage(store, { page: makePage([sessionRow(sessionId)]), ...pass });
  close();
});
afterEach(() => test.remove());

/** Runs the process that queues messages and prints each id once it is told; answers its system calls. */
async function trace(count: number): Promise<string[]> {
  const script = fileURLToPath(new URL("testing/queue-until-killed.ts", import.meta.url));
  const out = join(test.folder, "calls");
  const key = Buffer.from(test.options.key).toString("hex");
  const calls = "trace=fsync,fdatasync,write,writev";
  const node = [process.execPath, script, test.folder, key, sessionId];
  const child = spawn("strace", ["-f", "-y", "-s", "60", "-e", calls, "-o", out, ...node]);
  let told = 0;
  for await (const line of createInterface(child.stdout)) {
    if (line.length === 36 && ++told >= count) break;
  }
  const exited = once(child, "exit");
  // Nobody reads what it prints any more, and it ends.
  child.stdout.destroy();
  await exited;
  return readFileSync(out, "utf8").split("\n");
}

const isSync = (call: string) => /f(data)?sync\(\d+<[^>]*outbox\.db-wal>/.test(call);
const isReply = (call: string) => /write\(1<[^>]*>, "[0-9a-f]{8}-[0-9a-f]{4}-7/.test(call);

describe("the outbox, as the operating system sees it", () => {
  it("S9: is synced to the disk before each reply", { timeout: 60_000 }, async ({ skip }) => {
    skip(!canTrace, "there is no strace here, or it may not trace");
    let synced = false;
    let replies = 0;
    for (const call of await trace(20)) {
      if (isSync(call)) synced = true;
      if (!isReply(call)) continue;
      replies++;
      expect(synced, `reply ${replies}`).toBe(true);
      synced = false;
    }
    expect(replies).toBeGreaterThanOrEqual(20);
  });
});
