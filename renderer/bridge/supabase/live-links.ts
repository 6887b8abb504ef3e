import type { SupabaseClient } from "@supabase/supabase-js";
import type { ConsultationError } from "#shared/consultation/consultation-error.ts";
import { type SessionHead, linkSession } from "#shared/consultation/session-link.ts";
import { linkUser } from "#shared/consultation/user-link.ts";
import type { AppointmentId, SessionId } from "#shared/model/ids.ts";
import type { TopicBus } from "./topic-bus.ts";

/** A page shows one room, perhaps two; more links than this are somebody's leak. */
const MOST_SESSIONS = 4;
/** How often lists are asked again while hints do not come in. */
const BLIND_MS = 20_000;

export type LiveParts = {
  client: SupabaseClient;
  bus: TopicBus;
  heard(): void;
  joined(): void;
  lost(error: ConsultationError): void;
};

/**
 * The Realtime side of the bridge: one private topic for the user, and one for each live session
 * that is being read. Nothing is open while nobody listens.
 */
export class LiveLinks {
  readonly #parts: LiveParts;
  readonly #sessions = new Map<SessionId, () => void>();
  #userId: string | null = null;
  #stopUser: (() => void) | null = null;
  #blind: ReturnType<typeof setInterval> | undefined;

  constructor(parts: LiveParts) {
    this.#parts = parts;
  }

  /** Whose hints to hear; null after sign-out. */
  setUser(userId: string | null): void {
    if (userId === this.#userId) return;
    this.#closeAll();
    this.#userId = userId;
    this.refresh();
  }

  /** Opens what is needed now that listeners came or went, and closes what is not. */
  refresh(): void {
    const { bus } = this.#parts;
    if (!bus.hasListeners || this.#userId === null) {
      this.#closeAll();
      return;
    }
    this.#openUser(this.#userId);
    if (!bus.hears("messages.changed") && !bus.hears("session.changed")) this.#closeSessions();
  }

  /** A live session is being read: hear of it as it changes. */
  watch(sessionId: SessionId, appointmentId: AppointmentId): void {
    const { bus, client } = this.#parts;
    if (!bus.hears("messages.changed") && !bus.hears("session.changed")) return;
    if (this.#sessions.has(sessionId)) return;
    const oldest = this.#sessions.keys().next();
    if (this.#sessions.size >= MOST_SESSIONS && !oldest.done) this.unwatch(oldest.value);
    let known: SessionHead | null = null;
    const messages = () => bus.tell("messages.changed", { sessionId });
    const session = () => bus.tell("session.changed", { sessionId, appointmentId });
    const link = linkSession(client, sessionId, {
      message: messages,
      session,
      head: (head) => {
        this.#parts.heard();
        if (known !== null && head.last_seq !== known.last_seq) messages();
        if (known !== null && (head.rev !== known.rev || head.status !== known.status)) session();
        // What was missed between the first read and the first head is asked for once.
        if (known === null) messages();
        known = head;
      },
      joined: () => this.#parts.joined(),
      fault: (error) => this.#parts.lost(error),
    });
    this.#sessions.set(sessionId, link.stop);
  }

  unwatch(sessionId: SessionId): void {
    this.#sessions.get(sessionId)?.();
    this.#sessions.delete(sessionId);
  }

  close(): void {
    this.#closeAll();
    this.#userId = null;
  }

  #openUser(userId: string): void {
    if (this.#stopUser !== null) return;
    const { bus, client } = this.#parts;
    const lists = () => bus.tell("appointments.changed", {});
    this.#stopUser = linkUser(client, userId, {
      joined: () => {
        this.#see();
        this.#parts.heard();
        this.#parts.joined();
        lists();
      },
      hint: ({ session_id: sessionId, appointment_id: appointmentId }) => {
        lists();
        if (sessionId && appointmentId) bus.tell("session.changed", { sessionId, appointmentId });
        if (sessionId) bus.tell("messages.changed", { sessionId });
      },
      lost: (error) => {
        this.#blind ??= setInterval(lists, BLIND_MS);
        // Whether the server can be reached at all is for its answers to say, not for a socket.
        if (error.code !== "offline") this.#parts.lost(error);
      },
    });
  }

  #see(): void {
    clearInterval(this.#blind);
    this.#blind = undefined;
  }

  #closeSessions(): void {
    for (const stop of this.#sessions.values()) stop();
    this.#sessions.clear();
  }

  #closeAll(): void {
    this.#see();
    this.#closeSessions();
    this.#stopUser?.();
    this.#stopUser = null;
  }
}
