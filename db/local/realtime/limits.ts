/** What a hosted plan allows. https://supabase.com/docs/guides/realtime/limits */
export type RealtimeLimits = {
  /** Broadcasts and presence calls that one project may send in a second. */
  messagesPerSecond: number;
  /** Presence calls of one client within `presenceWindowMs`. */
  presenceCallsPerClient: number;
  presenceWindowMs: number;
  /** The largest broadcast, in bytes. */
  payloadBytes: number;
  channelsPerConnection: number;
  joinsPerSecond: number;
  connections: number;
};

/** The free plan. */
export const FREE_PLAN: RealtimeLimits = {
  messagesPerSecond: 100,
  presenceCallsPerClient: 5,
  presenceWindowMs: 30_000,
  payloadBytes: 256 * 1024,
  channelsPerConnection: 100,
  joinsPerSecond: 100,
  connections: 200,
};

/** Counts events in a sliding window. */
export class RateWindow {
  readonly #most: number;
  readonly #windowMs: number;
  #times: number[] = [];

  constructor(most: number, windowMs: number) {
    this.#most = most;
    this.#windowMs = windowMs;
  }

  /** Counts one event now; false where that is one too many. */
  take(now = Date.now()): boolean {
    const oldest = this.#times.findIndex((time) => time > now - this.#windowMs);
    this.#times = oldest < 0 ? [] : this.#times.slice(oldest);
    if (this.#times.length >= this.#most) return false;
    this.#times.push(now);
    return true;
  }
}
