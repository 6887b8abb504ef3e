import type { SessionId } from "#shared/model/ids.ts";
import { backoffMs } from "./backoff.ts";

/**
 * Sessions whose next piece of work the server failed on, each with a wait of its own (S17). One that
 * fails for ever keeps its place and its order, and holds up no other session.
 */
export class HeldSessions {
  readonly #held = new Map<SessionId, { failures: number; until: number }>();
  readonly #waitMs: (failures: number) => number;
  readonly #now: () => number;

  constructor(
    waitMs: (failures: number) => number = backoffMs,
    now: () => number = () => performance.now(),
  ) {
    this.#waitMs = waitMs;
    this.#now = now;
  }

  /** Those that must still wait. */
  list(): SessionId[] {
    const now = this.#now();
    return [...this.#held].flatMap(([id, { until }]) => (until > now ? [id] : []));
  }

  hold(id: SessionId): void {
    const failures = (this.#held.get(id)?.failures ?? 0) + 1;
    this.#held.set(id, { failures, until: this.#now() + this.#waitMs(failures) });
  }

  release(id: SessionId): void {
    this.#held.delete(id);
  }

  /** Somebody asked: all are tried now, and the next wait of each is as long as it was. */
  releaseAll(): void {
    for (const held of this.#held.values()) held.until = 0;
  }

  /** How long until the next one may be tried; null where none waits. */
  nextMs(): number | null {
    const now = this.#now();
    const waits = [...this.#held.values()].flatMap(({ until }) => (until > now ? until - now : []));
    return waits.length === 0 ? null : Math.ceil(Math.min(...waits));
  }
}
