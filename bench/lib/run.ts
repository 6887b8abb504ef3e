import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Size } from "./size.ts";

/** What every part of a benchmark is given: its size, a place for files, and how to stop. */
export type Run = {
  size: Size;
  /** Removed at the end of the run, also when it was cancelled. */
  folder: string;
  signal: AbortSignal;
  /** Says on the terminal what is being done; `done` of `total` where it takes long. */
  progress(what: string, done?: number, total?: number): void;
  /** Runs at the end, last first, however the run ends. */
  onEnd(close: () => unknown): void;
};

class Cancelled extends Error {}

/** Whether Ctrl+C ended the run. */
export const isCancelled = (error: unknown): boolean =>
  error instanceof Error && (error instanceof Cancelled || error.cause instanceof Cancelled);

/** Runs the work with a folder of its own; Ctrl+C ends it at the next step and clears away what it made. */
export async function withRun<T>(size: Size, work: (run: Run) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const cancel = new AbortController();
  const closers: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const stop = (): void => cancel.abort(new Cancelled());
  process.once("SIGINT", stop).once("SIGTERM", stop);
  const { isTTY } = process.stderr;
  let said = 0;
  const run: Run = {
    size,
    folder,
    signal: cancel.signal,
    progress(what, done, total) {
      cancel.signal.throwIfAborted();
      const now = performance.now();
      const isStep = done !== undefined && done !== total;
      if (isStep && now - said < (isTTY ? 200 : 10_000)) return;
      said = now;
      const part = total ? ` ${Math.round(((done ?? 0) / total) * 100)} %` : "";
      process.stderr.write(isTTY ? `\r\x1b[2K${what}${part}` : `${what}${part}\n`);
    },
    onEnd: (close) => void closers.push(close),
  };
  try {
    return await work(run);
  } finally {
    if (isTTY) process.stderr.write("\r\x1b[2K");
    for (const close of closers.toReversed()) await close();
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
