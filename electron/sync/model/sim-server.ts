import { MessageId, SessionId, UserId } from "#shared/model/ids.ts";
import { answerPullSession, answerPullSince } from "./sim-feed.ts";

// PostgreSQL as sync sees it, in memory: transactions take their ids when they begin and become
// visible when they commit, in whatever order; row locks; row security by an access table; stamps,
// tombstones and gapless numbers as the triggers of `db/schema` make them. It is written from the
// SQL, line by line, and knows nothing of the client.

export const doctor = UserId.parse("0190a000-0000-7000-8000-00000000d0c1");
export const stranger = UserId.parse("0190a000-0000-7000-8000-00000000d0c2");
const patient = UserId.parse("0190a000-0000-7000-8000-0000000000a1");

export type Kind = "session" | "message" | "access" | "tombstone";
export type Values = Record<string, unknown>;
/** One version of one row. It is never changed: an update makes another version. */
export type Version = {
  readonly kind: Kind;
  readonly id: string;
  readonly xid: number;
  readonly sessionId: SessionId;
  readonly row: Values & { readonly rev: number };
};

/** What a transaction has written; null is a deleted row. The keys are its row locks. */
export type Transaction = { readonly xid: number; readonly writes: Map<string, Version | null> };

export type Failure = "blocked" | "refused" | "not_found" | "already_ended";
export type Attempt<T> = { ok: true; value: T } | { ok: false; failure: Failure };
const done = <T>(value: T): Attempt<T> => ({ ok: true, value });
const failed = (failure: Failure): Attempt<never> => ({ ok: false, failure });

/** Another writer holds a row that this one needs. */
class Blocked extends Error {}

export const keyOf = (kind: Kind, id: string): string => `${kind}:${id}`;
const uuid = (kind: number, number: number): string =>
  `0190a000-0000-7000-8000-${kind.toString(16).padStart(4, "0")}${number.toString(16).padStart(8, "0")}`;

/** The session of a place on the schedule's list. */
export const sessionAt = (place: number): SessionId => SessionId.parse(uuid(0xc0, place));
export const messageIdAt = (number: number): MessageId => MessageId.parse(uuid(0xe0, number));

/** What the database broadcasts on a session's topic when a transaction commits. */
export type Told = {
  event: "message" | "session";
  sessionId: SessionId;
  topicKey: string;
  payload: Values;
};
/** A change of these is told; that of others, as the count of messages, is not. */
const TOLD = ["status", "notes", "ended_at", "deleted_at", "topic_key", "doctor_id"];

export type Outgoing = { id: string; sessionId: SessionId; content: string };
export type Sent = { id: string; seq: number; rev: number; createdAt: string };
type Backup = { rows: Map<string, Version>; nextXid: number };

export class SimServer {
  rows = new Map<string, Version>();
  open: Transaction[] = [];
  nextXid = 700;
  /** The server's own clock. */
  clock = Date.UTC(2020, 0, 1);
  epoch = "epoch-1";
  /** How many histories there were before this one. */
  generation = 0;
  /** Every version that row security has ever shown the user, as `kind:id:words`. */
  readonly shown = new Set<string>();
  /** What each snapshot's text was taken in: the same text may come again after a restore. */
  readonly issued = new Map<string, number>();
  /** Each message of the user that came in anew, with the history in which it did. */
  readonly accepted: { content: string; generation: number }[] = [];
  /** Sessions that changed, told on the user's topic and not yet taken from there. */
  hints: SessionId[] = [];
  /** Where broadcasts go: to whoever listens at that moment, and never again. */
  onTold: (told: Told) => void = () => {};
  #number = 1;
  #backup: Backup = { rows: new Map(), nextXid: 700 };

  begin(): Transaction {
    const transaction = { xid: this.nextXid++, writes: new Map() };
    this.open.push(transaction);
    return transaction;
  }

  commit(transaction: Transaction): void {
    const told: Version[] = [];
    for (const [key, version] of transaction.writes) {
      if (version === null) {
        this.rows.delete(key);
        continue;
      }
      this.hints.push(version.sessionId);
      const before = this.rows.get(key);
      this.rows.set(key, version);
      if (this.#isTold(version, before)) told.push(version);
    }
    this.rollback(transaction);
    this.#remember();
    for (const version of told) this.#tell(version);
  }

  #isTold({ kind, row }: Version, before: Version | undefined): boolean {
    if (kind === "message") return before === undefined;
    return kind === "session" && TOLD.some((name) => before?.row[name] !== row[name]);
  }

  #tell({ kind, sessionId, row }: Version): void {
    const topicKey = this.find("session", sessionId)?.row["topic_key"];
    if (topicKey === undefined || (kind !== "message" && kind !== "session")) return;
    const { notes: _notes, deleted_at: _deleted, doctor_id: _doctor, ...payload } = row;
    this.onTold({ event: kind, sessionId, topicKey: String(topicKey), payload });
  }

  rollback(transaction: Transaction): void {
    this.open = this.open.filter((other) => other !== transaction);
  }

  /** Runs the work in an open transaction, or in one of its own; nothing of it stays if it must wait. */
  within(transaction: Transaction | null, work: (run: Transaction) => void): Attempt<void> {
    const run = transaction ?? this.begin();
    const before = new Map(run.writes);
    try {
      work(run);
    } catch (error) {
      run.writes.clear();
      for (const [key, version] of before) run.writes.set(key, version);
      if (transaction === null) this.rollback(run);
      if (error instanceof Blocked) return failed("blocked");
      throw error;
    }
    if (transaction === null) this.commit(run);
    return done(undefined);
  }

  find(kind: Kind, id: string, run?: Transaction): Version | undefined {
    const key = keyOf(kind, id);
    const own = run?.writes.get(key);
    if (own === null) return undefined;
    return own ?? this.rows.get(key);
  }

  /** Every row of a session that this transaction sees. */
  list(kind: Kind, sessionId: SessionId, run?: Transaction): Version[] {
    const keys = new Set([...this.rows.keys(), ...(run?.writes.keys() ?? [])]);
    return [...keys].flatMap((key) => {
      const found = this.find(kind, key.slice(kind.length + 1), run);
      return key.startsWith(`${kind}:`) && found?.sessionId === sessionId ? [found] : [];
    });
  }

  /** Writes a version with its stamps. Throws where another open transaction holds the row. */
  put(run: Transaction, kind: Kind, id: string, sessionId: SessionId, change: Values): Version {
    this.#lock(run, kind, id);
    const before = this.find(kind, id, run)?.row;
    const row = { ...before, ...change, rev: (before?.rev ?? 0) + 1 };
    const version = { kind, id, sessionId, row, xid: run.xid };
    run.writes.set(keyOf(kind, id), version);
    return version;
  }

  #lock(run: Transaction, kind: Kind, id: string): void {
    const held = this.open.some((other) => other !== run && other.writes.has(keyOf(kind, id)));
    if (held) throw new Blocked();
  }

  erase(run: Transaction, { kind, id, sessionId }: Version): void {
    this.#lock(run, kind, id);
    run.writes.set(keyOf(kind, id), null);
    this.put(run, "tombstone", id, sessionId, { entity: kind, id, session_id: sessionId });
  }

  /** A changed message stamps its session too. */
  stampSession(run: Transaction, sessionId: SessionId): void {
    if (this.find("session", sessionId, run)) this.put(run, "session", sessionId, sessionId, {});
  }

  insertSession(run: Transaction, id: SessionId, mine: boolean): void {
    this.put(run, "session", id, id, {
      id,
      appointment_id: id,
      patient_id: patient,
      doctor_id: mine ? doctor : stranger,
      consultation_type: "chat",
      started_at: new Date(this.clock).toISOString(),
      ended_at: null,
      duration_seconds: 0,
      status: "active",
      notes: null,
      created_at: new Date(this.clock).toISOString(),
      topic_key: id,
      last_seq: 0,
      last_message_at: null,
      signed_at: null,
      deleted_at: null,
    });
    if (mine) this.setAccess(run, id, { granted: true, owner: true, expires_at: null });
  }

  setAccess(run: Transaction, sessionId: SessionId, change: Values): void {
    const before = this.find("access", sessionId, run);
    const access = before ? {} : { role: "doctor", owner: false, granted: true, expires_at: null };
    const whose = { user_id: doctor, session_id: sessionId };
    this.put(run, "access", sessionId, sessionId, { ...whose, ...access, ...change });
    // Revoking rotates the topic's key.
    const isRevoked = before?.row["granted"] === true && change["granted"] === false;
    if (isRevoked && this.find("session", sessionId, run)) {
      const topicKey = uuid(0x70, run.xid * 100 + Number(before.row.rev));
      this.put(run, "session", sessionId, sessionId, { topic_key: topicKey });
    }
  }

  insertMessage(run: Transaction, sessionId: SessionId, given: Values & { id: string }): Version {
    const last = Number(this.find("session", sessionId, run)?.row["last_seq"]) + 1;
    const session = this.put(run, "session", sessionId, sessionId, { last_seq: last });
    return this.put(run, "message", given.id, sessionId, {
      session_id: sessionId,
      seq: last,
      sender_id: patient,
      sender_role: "patient",
      sender_kind: "patient",
      sender_name: "Ada Example",
      message_type: "text",
      content: "",
      file_url: null,
      created_at: new Date(this.clock).toISOString(),
      entered_in_error_at: null,
      deleted_at: null,
      doctor_id: session.row["doctor_id"],
      ...given,
    });
  }

  newMessageId = (): MessageId => messageIdAt(this.#number++);

  /** Whether the user's access shows him the session's rows. */
  mayRead(sessionId: SessionId): boolean {
    const access = this.find("access", sessionId)?.row;
    if (access?.["granted"] !== true) return false;
    const until = access["expires_at"];
    return typeof until !== "string" || Date.parse(until) > this.clock;
  }

  /** What row security shows the user now. */
  visible(): Version[] {
    return [...this.rows.values()].filter(
      ({ kind, sessionId }) => kind === "access" || this.mayRead(sessionId),
    );
  }

  snapshotText(): string {
    const running = this.open.map(({ xid }) => xid).toSorted((a, b) => a - b);
    return `${running[0] ?? this.nextXid}:${this.nextXid}:${running.join(",")}`;
  }

  /** `sync_snapshot()`: access that has run out is revoked, so that this pass tells of it. */
  takeSnapshot(): Attempt<{ snapshot: string; epoch: string; serverTime: string }> {
    const late = [...this.rows.values()].filter(
      ({ kind, row, sessionId }) =>
        kind === "access" && row["granted"] === true && !this.mayRead(sessionId),
    );
    const revoked = this.within(null, (run) => {
      for (const { sessionId } of late) this.setAccess(run, sessionId, { granted: false });
    });
    if (!revoked.ok) return revoked;
    const snapshot = this.snapshotText();
    this.issued.set(snapshot, this.generation);
    const serverTime = new Date(this.clock).toISOString();
    return done({ snapshot, epoch: this.epoch, serverTime });
  }

  pullSince = (page: Parameters<typeof answerPullSince>[1]) => answerPullSince(this, page);
  pullSession = (page: Parameters<typeof answerPullSession>[1]) => answerPullSession(this, page);

  /** A plain insert of the user, and for a known id the row that is there. */
  receive(message: Outgoing): Attempt<Sent> {
    const { id, sessionId, content } = message;
    if (!this.mayRead(sessionId)) return failed("refused");
    if (this.#isHeld("session", sessionId)) return failed("blocked");
    if (!this.find("message", id)) {
      // What was erased does not come back with a late retry.
      if (this.find("tombstone", id)) return failed("refused");
      if (this.find("session", sessionId)?.row["status"] === "ended")
        return failed("already_ended");
      const values = { id, content, sender_id: doctor, sender_role: "doctor" };
      const inserted = this.within(null, (run) => {
        this.insertMessage(run, sessionId, { ...values, sender_kind: "doctor" });
      });
      if (!inserted.ok) return inserted;
      this.accepted.push({ content, generation: this.generation });
    }
    const row = this.find("message", id)?.row;
    if (row === undefined) return failed("not_found");
    const { seq, created_at: createdAt } = row;
    return done({ id, seq: Number(seq), rev: row.rev, createdAt: String(createdAt) });
  }

  end(sessionId: SessionId, notes: string | null): Attempt<void> {
    if (!this.mayRead(sessionId)) return failed("refused");
    const status = this.find("session", sessionId)?.row["status"];
    const change = status === "ended" ? {} : { status: "ended" };
    if (status === "ended" && notes === null) return done(undefined);
    return this.within(null, (run) => {
      this.put(run, "session", sessionId, sessionId, {
        ...change,
        ...(notes === null ? {} : { notes }),
      });
    });
  }

  backUp(): void {
    this.#backup = { rows: new Map(this.rows), nextXid: this.nextXid };
  }

  /**
   * The server of the last backup. Physical: its ids and stamps come back with it, on another
   * timeline. Logical: another database, whose rows are stamped anew (`begin_new_epoch`).
   */
  restore(how: "physical" | "logical"): void {
    this.open = [];
    this.generation += 1;
    this.epoch = `epoch-${this.generation + 1}`;
    this.rows = new Map(this.#backup.rows);
    this.nextXid = how === "physical" ? this.#backup.nextXid : 700;
    if (how === "logical") {
      const run = this.begin();
      for (const { kind, id, sessionId } of this.#backup.rows.values()) {
        this.put(run, kind, id, sessionId, {});
      }
      this.commit(run);
      this.nextXid += 1;
      this.backUp();
    }
    this.#remember();
  }

  #isHeld = (kind: Kind, id: string): boolean =>
    this.open.some(({ writes }) => writes.has(keyOf(kind, id)));

  #remember(): void {
    for (const version of this.visible()) this.shown.add(nameOf(version));
  }
}

/** A version by the words that a reader sees of it. */
export const nameOf = ({ kind, id, row }: Pick<Version, "kind" | "id" | "row">): string => {
  const words = kind === "session" ? row["notes"] : row["deleted_at"] === null && row["content"];
  return `${kind}:${id}:${typeof words === "string" ? words : ""}`;
};
