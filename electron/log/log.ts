import { randomBytes } from "node:crypto";
import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { describeError } from "./describe-error.ts";
import type { ErrorPlace, LogEvent, LogEvents } from "./events.ts";

/** Writes lines of ids, counts, durations and codes. It has no way to take a text. */
export interface Log {
  write<E extends LogEvent>(event: E, fields: LogEvents[E]): void;
  /** Logs a bug and returns the `ref` that finds its line. */
  unexpected(at: ErrorPlace, error: unknown): string;
}

export type LogOptions = { maxBytes?: number; files?: number; now?: () => Date };

/** One short word, a path of words or an id: what a string in the log may look like at most. */
const SAFE_TEXT = /^[A-Za-z0-9_$.:<>[\]/ -]{0,160}$/;

/** Lets numbers, booleans and short codes through. A second guard behind the types. */
function withhold(value: unknown): unknown {
  if (typeof value === "number" || typeof value === "boolean" || value === null) return value;
  if (Array.isArray(value)) return value.map(withhold);
  return typeof value === "string" && SAFE_TEXT.test(value) && value.split(" ").length <= 2
    ? value
    : "[withheld]";
}

/**
 * Opens the log file `main.jsonl` in a folder, one JSON object a line.
 * A full file becomes `main.1.jsonl` and so on; the oldest is thrown away. Never throws: a full disk
 * must not stop a consultation.
 */
export function openLog(folder: string, options: LogOptions = {}): Log {
  const { maxBytes = 1_000_000, files = 4, now = () => new Date() } = options;
  const path = (n: number) => join(folder, n === 0 ? "main.jsonl" : `main.${n}.jsonl`);
  let size: number | null = null;

  const rotate = () => {
    rmSync(path(files - 1), { force: true });
    for (let n = files - 2; n >= 0; n--) {
      if (statSync(path(n), { throwIfNoEntry: false })) renameSync(path(n), path(n + 1));
    }
    size = 0;
  };

  const append = (line: string) => {
    try {
      if (size === null) {
        mkdirSync(folder, { recursive: true });
        size = statSync(path(0), { throwIfNoEntry: false })?.size ?? 0;
      }
      if (size > 0 && size + line.length > maxBytes) rotate();
      appendFileSync(path(0), line, { mode: 0o600 });
      size += line.length;
    } catch {
      size = null; // look at the folder again next time
    }
  };

  const write = (event: LogEvent, fields: object, ref?: string) => {
    const safe = Object.fromEntries(Object.entries(fields).map(([k, v]) => [k, withhold(v)]));
    append(`${JSON.stringify({ at: now().toISOString(), event, ...(ref && { ref }), ...safe })}\n`);
  };

  return {
    write,
    unexpected(at, error) {
      const ref = randomBytes(4).toString("hex");
      write("error.unexpected", { at, ...describeError(error) }, ref);
      return ref;
    },
  };
}
