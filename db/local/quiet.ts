import { AsyncLocalStorage } from "node:async_hooks";

const METHODS = ["log", "info", "warn", "error", "debug"] as const;
const inside = new AsyncLocalStorage<true>();
const filtered = new WeakSet<object>();

/**
 * Runs a task with the console closed to it.
 *
 * `@supabase/lite` prints every database error together with the statement's
 * parameters, and those are patients' words. The errors still reach the caller
 * in the HTTP answer, without parameters.
 */
export function runQuietly<T>(task: () => Promise<T>): Promise<T> {
  // Asked each time: whoever replaces a method of the console replaces the filter.
  for (const method of METHODS) if (!filtered.has(console[method])) filter(method);
  return inside.run(true, task);
}

/** Tells on stderr that something failed: by its code, never by its text, which may quote a row. */
export function report(what: string, error: unknown): void {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  process.stderr.write(`${what} (${code})\n`);
}

function filter(method: (typeof METHODS)[number]): void {
  const print = console[method].bind(console);
  console[method] = (...parts: unknown[]) => {
    if (!inside.getStore()) print(...parts);
  };
  filtered.add(console[method]);
}
