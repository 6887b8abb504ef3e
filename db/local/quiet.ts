import { AsyncLocalStorage } from "node:async_hooks";

const inside = new AsyncLocalStorage<true>();
let installed = false;

/**
 * Runs a task with the console closed to it.
 *
 * `@supabase/lite` prints every database error together with the statement's
 * parameters, and those are patients' words. The errors still reach the caller
 * in the HTTP answer, without parameters.
 */
export function runQuietly<T>(task: () => Promise<T>): Promise<T> {
  if (!installed) install();
  return inside.run(true, task);
}

function install() {
  installed = true;
  for (const method of ["log", "info", "warn", "error", "debug"] as const) {
    const print = console[method].bind(console);
    console[method] = (...parts: unknown[]) => {
      if (!inside.getStore()) print(...parts);
    };
  }
}
