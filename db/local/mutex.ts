/**
 * Runs tasks one after another on the one database connection.
 *
 * PGlite has a single session, and the REST layer opens a transaction and
 * takes on a user's role with separate statements: a second request that got
 * in between would run as the first one's user. Never nest two `run` calls:
 * the inner one would wait for the outer one for ever.
 */
export class Mutex {
  #tail: Promise<unknown> = Promise.resolve();
  readonly #enabled: boolean;

  /** `enabled: false` exists for the test that shows what happens without it. */
  constructor(enabled = true) {
    this.#enabled = enabled;
  }

  run<T>(task: () => Promise<T>): Promise<T> {
    if (!this.#enabled) return task();
    const result = this.#tail.then(task, task);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}
