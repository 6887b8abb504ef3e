import type { AppointmentId, SessionId } from "#shared/model/ids.ts";
import type { Cache } from "#electron/cache/cache.ts";
import type { Remote } from "./remote-port.ts";

/** How many live sessions are listened to: a doctor has few, and each costs the server a channel. */
const MOST = 20;

export type RoomParts = {
  cache: Cache;
  remote: Remote;
  onMessages(sessionId: SessionId): void;
  onSession(session: { sessionId: SessionId; appointmentId: AppointmentId }): void;
  /** Something was told, or could not be used: a pass must confirm or fetch it. */
  onTold(): void;
  /** Runs small work and reports its failure. */
  spawn(work: () => Promise<void>): void;
};

/**
 * Listens to the live sessions of the store and puts what they tell into it at once, ahead of the pass
 * that confirms it (S20). What does not fit asks for a pass; nothing here moves the cursor.
 */
export class Rooms {
  readonly #parts: RoomParts;
  readonly #joined = new Map<SessionId, { topicKey: string; leave(): void }>();

  constructor(parts: RoomParts) {
    this.#parts = parts;
  }

  /** Joins what is live now and leaves what is not, or has another key since. */
  async refresh(): Promise<void> {
    const { cache, remote } = this.#parts;
    if (remote.listenSession === undefined) return;
    const rooms = await cache.read("told.rooms", { limit: MOST });
    const live = new Map(rooms.map(({ sessionId, topicKey }) => [sessionId, topicKey]));
    for (const [sessionId, { topicKey, leave }] of this.#joined) {
      if (live.get(sessionId) === topicKey) continue;
      leave();
      this.#joined.delete(sessionId);
    }
    for (const room of rooms) {
      const { sessionId, topicKey } = room;
      if (this.#joined.has(sessionId)) continue;
      const leave = remote.listenSession(room, {
        onMessage: (row) => this.#parts.spawn(() => this.#message(sessionId, row)),
        onSession: (row) => this.#parts.spawn(() => this.#session(sessionId, row)),
      });
      this.#joined.set(sessionId, { topicKey, leave });
    }
  }

  leaveAll(): void {
    for (const { leave } of this.#joined.values()) leave();
    this.#joined.clear();
  }

  async #message(sessionId: SessionId, row: unknown): Promise<void> {
    const stored = await this.#parts.cache.write("told.message", { sessionId, row });
    if (stored) this.#parts.onMessages(sessionId);
    this.#parts.onTold();
  }

  async #session(sessionId: SessionId, row: unknown): Promise<void> {
    const appointmentId = await this.#parts.cache.write("told.session", { sessionId, row });
    if (appointmentId !== null) this.#parts.onSession({ sessionId, appointmentId });
    this.#parts.onTold();
  }
}
