import { fork } from "node:child_process";
import { once } from "node:events";
import { summarise, type Summary } from "./samples.ts";

const WINDOW_MS = 100;

/** Watches how late the timers of this thread's loop are, until it is stopped. */
export function watchLoop(): { stop(): Summary } {
  const worst: number[] = [];
  let windowEnd = performance.now() + WINDOW_MS;
  let windowWorst = 0;
  let expected = performance.now() + 1;
  let timer = setTimeout(tick, 1);
  function tick(): void {
    const now = performance.now();
    windowWorst = Math.max(windowWorst, now - expected);
    if (now > windowEnd) {
      worst.push(windowWorst);
      windowWorst = 0;
      windowEnd = now + WINDOW_MS;
    }
    expected = now + 1;
    timer = setTimeout(tick, 1);
  }
  return {
    /** The worst delay in each tenth of a second, summed up. */
    stop() {
      clearTimeout(timer);
      return summarise([...worst, windowWorst]);
    },
  };
}

/** A process that does nothing but watch its own loop at the same time: the limit on this machine. */
export async function watchIdleLoop(): Promise<{ stop(): Promise<Summary> }> {
  const child = fork(new URL("./idle-child.ts", import.meta.url));
  await once(child, "message");
  return {
    async stop() {
      const answered = once(child, "message", { signal: AbortSignal.timeout(10_000) });
      child.send("stop");
      const [summary] = (await answered) as [Summary];
      return summary;
    },
  };
}
