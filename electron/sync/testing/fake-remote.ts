import { fault, ok, type FaultCode, type Result } from "#shared/contract/fault.ts";
import type { Appointment } from "#shared/model/appointment.ts";
import type { SessionId } from "#shared/model/ids.ts";
import type { Person } from "#shared/model/person.ts";
import { doctorId, makePage, messageRow, sessionRow } from "#electron/cache/testing/test-store.ts";
import type {
  OutgoingEnd,
  OutgoingMessage,
  Remote,
  RemoteListener,
  RoomListener,
} from "../remote-port.ts";

// A server in memory that keeps the feed's contract: transactions that commit in another order than
// they began, snapshots, pages by (xid, id), row security by an access table. For breadth in tests;
// the real backend is in real-backend.test.ts.

type Stored = { kind: string; xid: number; id: string; row: Record<string, unknown> };
type Call = "snapshot" | "pullSince" | "pullSession" | "sendMessage" | "endSession" | "calendar";

/** A transaction of another writer; its rows are seen by nobody until it commits. */
export type FakeTransaction = { xid: number; rows: Stored[] };

export class FakeRemote implements Remote {
  readonly userId = doctorId;
  epoch = "epoch-1";
  appointments: Appointment[] = [];
  people: Person[] = [];
  /** What the next calls of a kind answer instead of the truth, one each. */
  readonly failures = new Map<Call, FaultCode[]>();
  readonly calls: Call[] = [];
  readonly received: OutgoingMessage[] = [];
  readonly ended: OutgoingEnd[] = [];
  /** Runs before a call of the kind is answered. */
  before: ((call: Call) => void | Promise<void>) | null = null;
  offline = false;
  /** The answer to a sent message is lost on its way back, this many times. */
  loseAnswers = 0;
  /** Messages that the server fails on whenever they come. */
  readonly poison = new Set<string>();
  #rows = new Map<string, Stored>();
  #nextXid = 700;
  #open = new Set<FakeTransaction>();
  #listener: RemoteListener | null = null;

  begin(): FakeTransaction {
    const transaction = { xid: this.#nextXid++, rows: [] };
    this.#open.add(transaction);
    return transaction;
  }

  /** Stamps a row as the triggers do. It counts from the commit on. */
  write(transaction: FakeTransaction, { kind, id, row }: Omit<Stored, "xid">): void {
    transaction.rows.push({ kind, id, row, xid: transaction.xid });
  }

  commit(transaction: FakeTransaction): void {
    for (const stored of transaction.rows) {
      const before = this.#rows.get(`${stored.kind}:${stored.id}`);
      const rev = Number(before?.row["rev"] ?? 0) + 1;
      this.#rows.set(`${stored.kind}:${stored.id}`, { ...stored, row: { ...stored.row, rev } });
    }
    this.#open.delete(transaction);
  }

  /** One committed transaction. */
  put(...rows: Omit<Stored, "xid">[]): void {
    const transaction = this.begin();
    for (const row of rows) this.write(transaction, row);
    this.commit(transaction);
  }

  /** A session that the doctor may see, with so many messages. */
  addSession(sessionId: SessionId, words: readonly string[], granted = true): void {
    this.put(
      { kind: "access", id: sessionId, row: this.#access(sessionId, granted) },
      sessionRow(sessionId, { last_seq: words.length }),
      ...words.map((text, at) => messageRow(sessionId, at + 1, text)),
    );
  }

  setAccess(sessionId: SessionId, granted: boolean): void {
    this.put({ kind: "access", id: sessionId, row: this.#access(sessionId, granted) });
  }

  erase(kind: "session" | "message", id: string, sessionId: SessionId): void {
    this.#rows.delete(`${kind}:${id}`);
    this.put({ kind: "tombstone", id, row: { entity: kind, id, session_id: sessionId } });
  }

  /** Another history: what the server has now, with transaction ids from the start. */
  restore(epoch: string): void {
    this.epoch = epoch;
    this.#nextXid = 700;
    const rows = [...this.#rows.values()];
    this.#rows.clear();
    this.put(...rows);
  }

  forget(kind: string, id: string): void {
    this.#rows.delete(`${kind}:${id}`);
  }

  subscribed(): void {
    this.#listener?.onSubscribed();
  }
  lost(): void {
    this.#listener?.onLost();
  }
  hint(sessionId: SessionId | null): void {
    this.#listener?.onHint({ kind: "message", sessionId, appointmentId: null });
  }

  snapshotText(): string {
    const running = [...this.#open].map(({ xid }) => xid).toSorted((a, b) => a - b);
    return `${running[0] ?? this.#nextXid}:${this.#nextXid}:${running.join(",")}`;
  }

  async snapshot(signal: AbortSignal) {
    return this.#answer("snapshot", signal, () => ({
      snapshot: this.snapshotText(),
      epoch: this.epoch,
      schemaVersion: 1,
      serverTime: new Date().toISOString(),
    }));
  }

  async pullSince(
    page: { prev: string | null; after: { xid: string; id: string }; limit: number },
    signal: AbortSignal,
  ) {
    const answer = await this.#answer("pullSince", signal, () => {
      if (page.prev !== null && Number(page.prev.split(":")[1]) > this.#nextXid) return null;
      const after = { xid: Number(page.after.xid), id: page.after.id };
      const found = [...this.#rows.values()]
        .filter((row) => this.#isShown(row))
        .filter((row) => page.prev === null || !isVisible(page.prev, row.xid))
        .filter((row) => row.xid > after.xid || (row.xid === after.xid && row.id > after.id))
        .toSorted((a, b) => a.xid - b.xid || (a.id < b.id ? -1 : Number(a.id > b.id)));
      const rows = found.slice(0, page.limit);
      // Rows that tie on (xid, id) stay on one page.
      const tied = (row: Stored) => row.xid === rows.at(-1)?.xid && row.id === rows.at(-1)?.id;
      rows.push(...found.slice(page.limit).filter(tied));
      const last = rows.at(-1);
      const next =
        last !== undefined && rows.length >= page.limit
          ? { xid: String(last.xid), id: last.id }
          : null;
      return makePage(
        rows.map((row) => ({ ...row, xid: String(row.xid) })),
        next,
      );
    });
    if (answer.ok && answer.value === null) return fault("history_changed", "It was restored.");
    return answer;
  }

  async pullSession(
    page: { sessionId: SessionId; afterSeq: number; limit: number },
    signal: AbortSignal,
  ) {
    if (this.#rows.get(`access:${page.sessionId}`)?.row["granted"] !== true) {
      return fault("refused", "You are not part of this session.");
    }
    return this.#answer("pullSession", signal, () => {
      const rows = [...this.#rows.values()].filter(
        ({ kind, row, id }) =>
          (kind === "session" && id === page.sessionId && page.afterSeq === 0) ||
          (kind === "message" &&
            row["session_id"] === page.sessionId &&
            Number(row["seq"]) > page.afterSeq),
      );
      const sorted = rows.toSorted((a, b) => seqOf(a) - seqOf(b)).slice(0, page.limit);
      const last = sorted.at(-1);
      const next = sorted.length >= page.limit && last !== undefined ? { seq: seqOf(last) } : null;
      return makePage(
        sorted.map((row) => ({ ...row, xid: String(row.xid) })),
        next,
      );
    });
  }

  async sendMessage(message: OutgoingMessage, signal: AbortSignal) {
    if (this.poison.has(message.id)) return fault("server", "The server said server.");
    const sent = await this.#answer("sendMessage", signal, () => {
      const known = this.#rows.get(`message:${message.id}`);
      if (known === undefined) {
        this.received.push(message);
        const count = [...this.#rows.values()].filter(
          ({ kind, row }) => kind === "message" && row["session_id"] === message.sessionId,
        ).length;
        this.put(
          messageRow(message.sessionId, count + 1, message.content, {
            id: message.id,
            sender_id: message.senderId,
            sender_kind: message.senderRole,
            sender_role: message.senderRole,
            sender_name: message.senderName,
          }),
        );
      }
      const row = this.#rows.get(`message:${message.id}`)?.row ?? {};
      return {
        id: message.id,
        seq: Number(row["seq"]),
        rev: Number(row["rev"]),
        senderKind: message.senderRole,
        senderName: message.senderName,
        createdAt: String(row["created_at"]),
      };
    });
    if (sent.ok && this.loseAnswers-- > 0) return fault("offline", "The connection was lost.");
    return sent;
  }

  async endSession(end: OutgoingEnd, signal: AbortSignal) {
    return this.#answer("endSession", signal, () => void this.ended.push(end));
  }

  async listAppointments({ from, to }: { from: string; to: string }, signal: AbortSignal) {
    return this.#answer("calendar", signal, () =>
      this.appointments.filter(({ startsAt }) => startsAt >= from && startsAt < to),
    );
  }

  async listPeople(signal: AbortSignal) {
    return this.#answer("calendar", signal, () => this.people);
  }

  listen(listener: RemoteListener): () => void {
    this.#listener = listener;
    return () => (this.#listener = null);
  }

  readonly rooms = new Map<SessionId, { topicKey: string; listener: RoomListener }>();
  listenSession(
    { sessionId, topicKey }: { sessionId: SessionId; topicKey: string },
    listener: RoomListener,
  ): () => void {
    this.rooms.set(sessionId, { topicKey, listener });
    return () => void this.rooms.delete(sessionId);
  }

  /** Row security: access rows are always the user's own; all else asks whether he is let in. */
  #isShown({ kind, id, row }: Stored): boolean {
    if (kind === "access") return true;
    const sessionId = kind === "session" ? id : String(row["session_id"]);
    return this.#rows.get(`access:${sessionId}`)?.row["granted"] === true;
  }

  #access(sessionId: SessionId, granted: boolean): Record<string, unknown> {
    return {
      user_id: doctorId,
      session_id: sessionId,
      role: "doctor",
      granted,
      expires_at: null,
    };
  }

  async #answer<T>(call: Call, signal: AbortSignal, truth: () => T): Promise<Result<T>> {
    this.calls.push(call);
    await this.before?.(call);
    if (signal.aborted) return fault("cancelled", "The call was cancelled.");
    if (this.offline) return fault("offline", "The server cannot be reached.");
    const failure = this.failures.get(call)?.shift();
    if (failure !== undefined) return fault(failure, `The server said ${failure}.`);
    return ok(truth());
  }
}

const seqOf = (stored: Stored): number => Number(stored.row["seq"] ?? 0);

function isVisible(snapshot: string, xid: number): boolean {
  const [xmin = "0", xmax = "0", running = ""] = snapshot.split(":");
  if (xid < Number(xmin)) return true;
  return xid < Number(xmax) && !running.split(",").includes(String(xid));
}
