import type { Fault, Result } from "#shared/contract/fault.ts";
import { backoffMs } from "./backoff.ts";

export type RetryLoopParts = {
  /** One round of work. A rejection is a bug or a broken store: it is reported, and tried again. */
  work(signal: AbortSignal): Promise<Result<void>>;
  onFault(fault: Fault): void;
  onBug(error: unknown): void;
  /** Wait after the n-th failure in a row. */
  waitMs?: (failures: number) => number;
};

/**
 * Runs work whenever it is asked to, never twice at once. Asking while a round runs means one more
 * round after it, however often it was asked (S14). A failed round is tried again after a growing
 * wait, or at once when somebody asks.
 */
export class RetryLoop {
  readonly #parts: RetryLoopParts;
  readonly #abort = new AbortController();
  #running: Promise<void> | null = null;
  #again = false;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: RetryLoopParts) {
    this.#parts = parts;
  }

  /** Asks for a round; resolves when the work has come to rest: done, or waiting after a failure. */
  async ask(): Promise<void> {
    if (this.#abort.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#again = true;
    this.#running ??= this.#run();
    await this.#running;
  }

  /** Stops for good: the round that runs is aborted and waited for. */
  async stop(): Promise<void> {
    this.#abort.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#abort.signal.aborted) {
      this.#again = false;
      const failed = await this.#round();
      this.#failures = failed ? this.#failures + 1 : 0;
      // Asked for meanwhile, but the network is gone: the wait stands, else hints become a storm.
      if (failed) break;
    }
    this.#running = null;
    if (this.#failures > 0 && !this.#abort.signal.aborted) {
      const wait = (this.#parts.waitMs ?? backoffMs)(this.#failures);
      this.#timer = setTimeout(() => void this.ask(), wait);
      this.#timer.unref();
    }
  }

  async #round(): Promise<boolean> {
    try {
      const result = await this.#parts.work(this.#abort.signal);
      if (result.ok) return false;
      if (!this.#abort.signal.aborted) this.#parts.onFault(result);
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#parts.onBug(error);
    }
    return true;
  }
}
