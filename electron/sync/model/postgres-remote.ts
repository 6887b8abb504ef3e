import { asUser, sqlStateOf } from "#db/suite/engine.ts";
import type { Connection } from "#db/suite/project.ts";
import { fault, ok, type FaultCode, type Result } from "#shared/contract/fault.ts";
import type { UserId } from "#shared/model/ids.ts";
import type { Remote, RemoteListener } from "../remote-port.ts";

const CODES: Record<string, FaultCode> = {
  "42501": "refused",
  P0002: "not_found",
  CR002: "already_ended",
  CR004: "history_changed",
};

/** The server side's functions and tables over plain connections, each call a transaction of the user. */
export class PostgresRemote implements Remote {
  readonly userId: UserId;
  readonly #connection: Connection;
  readonly #listeners = new Set<RemoteListener>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(userId: UserId, connection: Connection) {
    this.userId = userId;
    this.#connection = connection;
  }

  /** One call after another: a connection has one transaction. */
  #ask<T>(work: (connection: Connection) => Promise<T>): Promise<Result<T>> {
    const answer = this.#turn.then(async (): Promise<Result<T>> => {
      try {
        return ok(await asUser(this.#connection, this.userId, work));
      } catch (error) {
        const code = CODES[sqlStateOf(error)] ?? "server";
        return fault(code, `The server said ${code}.`);
      }
    });
    this.#turn = answer;
    return answer;
  }

  #call = <T>(text: string, values: unknown[] = []): Promise<Result<T>> =>
    this.#ask(async (sql) => {
      const [row] = await sql.query<{ answer: T }>(`select ${text} as answer`, values);
      if (row === undefined) throw new Error("no answer");
      return row.answer;
    });

  snapshot: Remote["snapshot"] = async () => {
    type Answer = { snapshot: string; epoch: string; schema_version: number; server_time: string };
    const found = await this.#call<Answer>("sync_snapshot()");
    if (!found.ok) return found;
    const { snapshot, epoch, schema_version: schemaVersion, server_time } = found.value;
    return ok({ snapshot, epoch, schemaVersion, serverTime: server_time });
  };

  pullSince: Remote["pullSince"] = ({ prev, after, limit }) =>
    this.#call("pull_since($1, $2, $3, $4)", [prev, after.xid, after.id, limit]);

  pullSession: Remote["pullSession"] = ({ sessionId, afterSeq, limit }) =>
    this.#call("pull_session($1, $2, $3)", [sessionId, afterSeq, limit]);

  sendMessage: Remote["sendMessage"] = async ({ id, sessionId, senderName, content }) => {
    const inserted = await this.#ask((sql) =>
      sql.query(
        `insert into consultation_messages (id, session_id, sender_id, sender_role, sender_name, content)
         values ($1, $2, $3, 'doctor', $4, $5) on conflict (id) do nothing`,
        [id, sessionId, this.userId, senderName, content],
      ),
    );
    if (!inserted.ok) return inserted;
    const found = await this.#ask((sql) =>
      sql.query<{ seq: string; rev: string; sender_name: string; created_at: string }>(
        "select seq, rev, sender_name, created_at::text from consultation_messages where id = $1",
        [id],
      ),
    );
    if (!found.ok) return found;
    const [row] = found.value;
    if (row === undefined) return fault("not_found", "It is not there.");
    const createdAt = new Date(row.created_at).toISOString();
    const { seq, rev, sender_name } = row;
    const sent = { id, seq: Number(seq), rev: Number(rev), senderName: sender_name, createdAt };
    return ok({ ...sent, senderKind: "doctor" });
  };

  endSession: Remote["endSession"] = async ({ sessionId, durationSeconds, notes }) => {
    const ended = await this.#call("end_consultation($1, $2, $3)", [
      sessionId,
      durationSeconds,
      notes,
    ]);
    return ended.ok ? ok(undefined) : ended;
  };

  listAppointments: Remote["listAppointments"] = () => Promise.resolve(ok([]));
  listPeople: Remote["listPeople"] = () => Promise.resolve(ok([]));

  listen(listener: RemoteListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Tells whoever listens that something has changed. */
  hint(): void {
    for (const { onHint } of this.#listeners) {
      onHint({ kind: "message", sessionId: null, appointmentId: null });
    }
  }
}
