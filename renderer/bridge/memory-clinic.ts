import type { CacheLimits } from "#shared/contract/queries.ts";
import type { TopicEvent, TopicName } from "#shared/contract/bridge.ts";
import type { Connection, SyncState } from "#shared/contract/state.ts";
import type { AppointmentItem } from "#shared/model/appointment.ts";
import type { AppointmentId, SessionId } from "#shared/model/ids.ts";
import { newMessageId } from "#shared/model/ids.ts";
import type { Message } from "#shared/model/message.ts";
import type { OutboxItem } from "#shared/model/outbox-item.ts";
import type { Person } from "#shared/model/person.ts";
import type { Session, SessionSummary } from "#shared/model/session.ts";
import type { InventedClinic } from "./invented/clinic.ts";

export type Draft = { message: string; notes: string };

/** The state behind a memory bridge: one clinic, seen by one signed-in person, with its outbox. */
export class MemoryClinic {
  readonly clinic: InventedClinic;
  viewer: Person | null;
  configured: boolean;
  connection: Connection = "online";
  limits: CacheLimits = { maxBytes: 2 ** 32, maxAgeDays: null };
  pulling: SyncState["pulling"] = null;
  fault: SyncState["fault"] = null;
  readonly drafts = new Map<SessionId, Draft>();
  readonly endQueued = new Set<SessionId>();
  now: () => Date;
  private frozenAsOf: string | null;
  private readonly hearers = new Map<TopicName, Set<(event: never) => void>>();
  private readonly touchedAt = new Map<SessionId, number>();

  constructor(of: {
    clinic: InventedClinic;
    viewer: Person | null;
    configured: boolean;
    now: () => Date;
  }) {
    this.clinic = of.clinic;
    this.viewer = of.viewer;
    this.configured = of.configured;
    this.now = of.now;
    this.frozenAsOf = of.now().toISOString();
  }

  /** Online, the cache equals the server at every moment; offline, at the moment of the cut. */
  get asOf(): string | null {
    return this.connection === "online" ? this.now().toISOString() : this.frozenAsOf;
  }

  setConnection(connection: Connection): void {
    if (this.connection === "online") this.frozenAsOf = this.now().toISOString();
    this.connection = connection;
    this.tell("sync.changed", {});
    if (connection === "online") this.flush();
  }

  /** Makes the cache look as if it had last equalled the server at that moment (null: never). */
  setAsOf(asOf: string | null): void {
    this.frozenAsOf = asOf;
    this.tell("sync.changed", {});
  }

  hear<N extends TopicName>(name: N, heard: (event: TopicEvent<N>) => void): () => void {
    const set = this.hearers.get(name) ?? new Set();
    this.hearers.set(name, set);
    set.add(heard);
    return () => set.delete(heard);
  }

  tell<N extends TopicName>(name: N, event: TopicEvent<N>): void {
    for (const heard of this.hearers.get(name) ?? []) {
      (heard as (event: TopicEvent<N>) => void)(event);
    }
  }

  tellSession(session: Session): void {
    this.tell("session.changed", { sessionId: session.id, appointmentId: session.appointmentId });
    this.tell("appointments.changed", {});
  }

  findSession(id: SessionId): Session | null {
    return this.clinic.sessions.find((one) => one.id === id) ?? null;
  }

  findMessage(id: Message["id"]): Message | null {
    return this.clinic.messages.find((one) => one.id === id) ?? null;
  }

  listMessages(id: SessionId): Message[] {
    return this.clinic.messages.filter((one) => one.sessionId === id);
  }

  listSessions(id: AppointmentId): Session[] {
    return this.clinic.sessions.filter((one) => one.appointmentId === id);
  }

  name(id: Person["id"]): string | null {
    return this.clinic.people.find((one) => one.id === id)?.name ?? null;
  }

  summarise(session: Session): SessionSummary {
    return {
      ...session,
      patientName: this.name(session.patientId),
      doctorName: this.name(session.doctorId),
      endQueued: this.endQueued.has(session.id),
    };
  }

  item(appointment: InventedClinic["appointments"][number]): AppointmentItem {
    const sessions = this.listSessions(appointment.id).toSorted((a, b) =>
      a.startedAt.localeCompare(b.startedAt),
    );
    const latest = sessions.find((one) => one.status !== "ended") ?? sessions.at(-1);
    return {
      ...appointment,
      patientName: this.name(appointment.patientId),
      doctorName: this.name(appointment.doctorId),
      session: latest === undefined ? null : { id: latest.id, status: latest.status },
      endedSessions: sessions.filter((one) => one.status === "ended").length,
    };
  }

  listOutbox(): OutboxItem[] {
    const about = (sessionId: SessionId) => {
      const session = this.findSession(sessionId);
      return {
        sessionId,
        reason: null,
        consultation: session && {
          appointmentId: session.appointmentId,
          type: session.type,
          status: session.status,
          personName: this.name(session.patientId),
        },
      };
    };
    const messages = this.clinic.messages.flatMap((one): OutboxItem[] =>
      one.delivery === "sent"
        ? []
        : [
            {
              ...about(one.sessionId),
              kind: "message",
              id: one.id,
              content: one.content,
              state: one.delivery,
              createdAt: one.createdAt,
              reason: one.refusal,
            },
          ],
    );
    const ends = [...this.endQueued].map((id): OutboxItem => {
      const createdAt = this.findSession(id)?.endedAt ?? this.now().toISOString();
      return { ...about(id), kind: "end", id, state: "queued", createdAt };
    });
    const notes = [...this.drafts].flatMap(([id, draft]): OutboxItem[] =>
      draft.notes.trim() === ""
        ? []
        : [{ ...about(id), kind: "notes", id, state: "unsaved", createdAt: null }],
    );
    const items = [...messages, ...ends, ...notes];
    return items.toSorted((a, b) => Number(b.state === "refused") - Number(a.state === "refused"));
  }

  syncState(): SyncState {
    const count = (delivery: Message["delivery"]) =>
      this.clinic.messages.filter((one) => one.delivery === delivery).length;
    return {
      connection: this.connection,
      asOf: this.asOf,
      queued: count("queued") + count("sending") + this.endQueued.size,
      refused: count("refused"),
      pulling: this.pulling,
      fault: this.fault,
    };
  }

  /** Says something in a session, as the server would have numbered it. */
  receive(sessionId: SessionId, from: Person | "system", content: string): Message {
    const session = this.findSession(sessionId);
    if (session === null) throw new Error("no such invented session");
    const message: Message = {
      id: newMessageId(),
      sessionId,
      seq: null,
      senderId: from === "system" ? null : from.id,
      senderKind: from === "system" ? "system" : from.role === "doctor" ? "doctor" : "patient",
      senderName: from === "system" ? "" : from.name,
      type: from === "system" ? "system" : "text",
      content,
      fileUrl: null,
      createdAt: this.now().toISOString(),
      enteredInErrorAt: null,
      delivery: "queued",
      refusal: null,
    };
    this.clinic.messages.push(message);
    this.number(message);
    this.tell("messages.changed", { sessionId });
    return message;
  }

  /** Gives a message its number, as the server does when it takes it in. */
  number(message: Message): void {
    const session = this.findSession(message.sessionId);
    if (session === null) return;
    session.lastSeq += 1;
    session.lastMessageAt = message.createdAt;
    message.seq = session.lastSeq;
    message.delivery = "sent";
  }

  /** Sends what waits, when there is a connection. */
  flush(): void {
    if (this.connection !== "online") return;
    for (const id of this.endQueued) {
      this.endQueued.delete(id);
      const session = this.findSession(id);
      if (session !== null) this.tellSession(session);
    }
    for (const message of this.clinic.messages) {
      if (message.delivery !== "queued") continue;
      this.number(message);
      this.tell("messages.changed", { sessionId: message.sessionId });
    }
    this.tell("sync.changed", {});
  }

  /** Adds the time since the last heartbeat while the session is active, at most a minute. */
  touch(session: Session): number {
    const now = this.now().getTime();
    const before = this.touchedAt.get(session.id) ?? now;
    this.touchedAt.set(session.id, now);
    if (session.status === "active") {
      session.durationSeconds += Math.min(60, Math.max(0, Math.round((now - before) / 1000)));
    }
    return session.durationSeconds;
  }
}
