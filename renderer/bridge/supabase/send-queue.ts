import { ConsultationError } from "#shared/consultation/consultation-error.ts";
import { type FaultCode } from "#shared/contract/fault.ts";
import type { MessageId, SessionId } from "#shared/model/ids.ts";
import type { Message } from "#shared/model/message.ts";

/** Faults that pass by themselves: the message waits and is tried again. */
const PASSING: ReadonlySet<FaultCode> = new Set([
  "offline",
  "server",
  "quota",
  "not_signed_in",
  "realtime_off",
  "cancelled",
]);

const RETRY_MS = [1_000, 2_000, 5_000, 10_000, 20_000] as const;

export type SendQueueParts = {
  /** Puts one message on the server; idempotent by id. Throws `ConsultationError`. */
  send(message: Message): Promise<unknown>;
  /** A message of this session is now in another state. */
  changed(sessionId: SessionId): void;
};

/**
 * Messages on their way while the page is open, in the order in which they were written.
 * Kept in memory only: a shared computer must not keep a patient's words, so closing the page with
 * unsent messages has to be warned of. A message that failed for good holds nothing up.
 */
export class SendQueue {
  readonly #parts: SendQueueParts;
  readonly #messages = new Map<MessageId, Message>();
  #running = false;
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: SendQueueParts) {
    this.#parts = parts;
  }

  /** What has not arrived, of one session or of all, oldest first. */
  list(sessionId?: SessionId): Message[] {
    const all = [...this.#messages.values()];
    return sessionId === undefined ? all : all.filter((each) => each.sessionId === sessionId);
  }

  find(id: MessageId): Message | null {
    return this.#messages.get(id) ?? null;
  }

  get queued(): number {
    return this.list().filter((each) => each.delivery !== "refused").length;
  }

  get refused(): number {
    return this.list().filter((each) => each.delivery === "refused").length;
  }

  /** Adds a message, or answers the one that is already there under its id. */
  add(message: Message): Message {
    const known = this.#messages.get(message.id);
    if (known !== undefined) return known;
    this.#put(message);
    this.flush();
    return message;
  }

  retry(id: MessageId, content?: string): Message | null {
    const message = this.#messages.get(id);
    // One that is on its way may have arrived: its words are no longer to be changed.
    if (message === undefined || message.delivery === "sending") return message ?? null;
    const again: Message = {
      ...message,
      content: content ?? message.content,
      delivery: "queued",
      refusal: null,
    };
    this.#put(again);
    this.flush();
    return again;
  }

  /** Throws a message away; false for one that is unknown or may have arrived already. */
  discard(id: MessageId): boolean {
    const message = this.#messages.get(id);
    if (message === undefined || message.delivery === "sending") return false;
    this.#messages.delete(id);
    this.#parts.changed(message.sessionId);
    return true;
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#messages.clear();
    this.#tries = 0;
  }

  /** Tries now, without waiting for the next turn: the connection is back. */
  flush(): void {
    clearTimeout(this.#timer);
    if (!this.#running) void this.#run();
  }

  /** Sends what waits of a session; false where it cannot be sent now. */
  async settle(sessionId: SessionId): Promise<boolean> {
    if (!this.#running) await this.#run();
    const end = Date.now() + 5_000;
    while (this.#running && Date.now() < end && this.#waits(sessionId)) {
      await new Promise((done) => setTimeout(done, 25));
    }
    return !this.#waits(sessionId);
  }

  #waits(sessionId: SessionId): boolean {
    return this.list(sessionId).some((each) => each.delivery !== "refused");
  }

  #put(message: Message): void {
    this.#messages.set(message.id, message);
    this.#parts.changed(message.sessionId);
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      for (;;) {
        const next = this.list().find((each) => each.delivery === "queued");
        if (next === undefined) return;
        this.#put({ ...next, delivery: "sending" });
        if (!(await this.#sent(next))) return;
      }
    } finally {
      this.#running = false;
    }
  }

  /** Sends one; false when it has to wait. */
  async #sent(message: Message): Promise<boolean> {
    try {
      await this.#parts.send(message);
      this.#tries = 0;
      this.#messages.delete(message.id);
      this.#parts.changed(message.sessionId);
      return true;
    } catch (error) {
      const failed = ConsultationError.from(error);
      // Signed out in the meantime: it is nobody's message any more.
      if (!this.#messages.has(message.id)) return true;
      if (!PASSING.has(failed.code)) {
        this.#put({ ...message, delivery: "refused", refusal: failed.message });
        return true;
      }
      this.#put({ ...message, delivery: "queued" });
      const pause = RETRY_MS[Math.min(this.#tries, RETRY_MS.length - 1)];
      this.#tries += 1;
      this.#timer = setTimeout(() => this.flush(), pause);
      return false;
    }
  }
}
