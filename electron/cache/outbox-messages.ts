import type { MessageId, SessionId, UserId } from "#shared/model/ids.ts";
import type { Delivery, Message } from "#shared/model/message.ts";
import { CacheError } from "./cache-error.ts";
import { inTransaction, statement, type Readable } from "./database.ts";
import { storeSentMessage, type SentValues } from "./feed-rows.ts";
import { getSession } from "./sessions.ts";
import type { CommandArgs, Reading, Writing } from "./stores.ts";
import { fromMs } from "./time.ts";

type QueuedColumns = {
  id: MessageId;
  user_id: UserId;
  session_id: SessionId;
  sender_role: "doctor" | "patient";
  sender_name: string;
  content: string;
  created_at: number;
  state: Exclude<Delivery, "sent">;
  refusal: string | null;
};

const toMessage = (row: QueuedColumns): Message => ({
  id: row.id,
  sessionId: row.session_id,
  seq: null,
  senderId: row.user_id,
  senderKind: row.sender_role,
  senderName: row.sender_name,
  type: "text",
  content: row.content,
  fileUrl: null,
  createdAt: fromMs(row.created_at),
  enteredInErrorAt: null,
  delivery: row.state,
  refusal: row.state === "refused" ? row.refusal : null,
});

/** What waits for a session, in the order in which it will be sent. */
export const listQueuedMessages = (outbox: Readable<"outbox">, sessionId: SessionId): Message[] =>
  statement<QueuedColumns>(outbox, "select * from messages where session_id = ? order by position")
    .all(sessionId)
    .map(toMessage);

function getQueued(db: Reading, id: MessageId): QueuedColumns {
  const row = statement<QueuedColumns>(db.outbox, "select * from messages where id = ?").get(id);
  if (row === undefined) throw new CacheError("not_found", "no such message in the outbox");
  return row;
}

/**
 * Puts a message into the outbox, synced to the disk before this returns. The same id twice is one
 * message. Throws `not_found` for an unknown session, `already_ended` for an ended one.
 */
export function queueMessage(
  db: Writing,
  message: CommandArgs<"message.send"> & { senderName: string },
): Message {
  const { session } = getSession(db, { sessionId: message.sessionId });
  if (session.status === "ended") throw new CacheError("already_ended", "the session has ended");
  statement(
    db.outbox,
    `insert into messages
       (id, user_id, session_id, sender_role, sender_name, content, created_at, state, refusal)
     values (?, ?, ?, ?, ?, ?, ?, 'queued', null) on conflict (id) do nothing`,
  ).run(
    message.id,
    db.userId,
    message.sessionId,
    session.doctorId === db.userId ? "doctor" : "patient",
    message.senderName,
    message.content,
    Date.now(),
  );
  return toMessage(getQueued(db, message.id));
}

/** Puts a refused message back at the end of the queue, changed where a text is given. */
export function retryMessage(db: Writing, { id, content }: CommandArgs<"message.retry">): Message {
  return inTransaction(db.outbox, () => {
    const row = getQueued(db, id);
    if (row.state !== "refused") return toMessage(row);
    statement(
      db.outbox,
      `update messages set state = 'queued', refusal = null, content = coalesce(?, content),
         position = (select max(position) + 1 from messages) where id = ?`,
    ).run(content ?? null, id);
    return toMessage(getQueued(db, id));
  });
}

/** Throws a message away. One that is on its way may have arrived, so it stays until that is known. */
export function discardMessage(db: Writing, { id }: { id: MessageId }): { sessionId: SessionId } {
  const row = getQueued(db, id);
  if (row.state === "sending") throw new CacheError("on_its_way", "the message is on its way");
  statement(db.outbox, "delete from messages where id = ?").run(id);
  return { sessionId: row.session_id };
}

/**
 * Takes the oldest message of this user that waits, passing over some sessions, and marks it as being
 * on its way, in one step: nobody can discard it between the two. Null when nothing waits.
 */
export function takeNextMessage(
  db: Writing,
  { except = [] }: { except?: readonly SessionId[] },
): Message | null {
  return inTransaction(db.outbox, () => {
    const row = statement<QueuedColumns>(
      db.outbox,
      `select * from messages where user_id = ? and state <> 'refused'
         and session_id not in (select value from json_each(?))
       order by position limit 1`,
    ).get(db.userId, JSON.stringify(except));
    if (row === undefined) return null;
    markMessage(db, { id: row.id, state: "sending", refusal: null });
    return toMessage({ ...row, state: "sending" });
  });
}

export function markMessage(
  db: Writing,
  { id, state, refusal }: { id: MessageId; state: QueuedColumns["state"]; refusal: string | null },
): void {
  statement(db.outbox, "update messages set state = ?, refusal = ? where id = ?").run(
    state,
    refusal,
    id,
  );
}

/**
 * The server has it: first stored as a numbered row, then taken out of the outbox. A crash between
 * the two leaves it in both, and views show it once.
 */
export function markMessageSent(
  db: Writing,
  { id, sent }: { id: MessageId; sent: SentValues },
): void {
  const row = statement<QueuedColumns>(db.outbox, "select * from messages where id = ?").get(id);
  if (row === undefined) return;
  storeSentMessage(db, toMessage(row), sent);
  statement(db.outbox, "delete from messages where id = ?").run(id);
}

/** At start: what was on its way when the process died waits again; the server knows its id. */
export function requeueSending(db: Writing): void {
  inTransaction(db.outbox, () => {
    statement(db.outbox, "update messages set state = 'queued' where state = 'sending'").run();
    statement(db.outbox, "update session_ends set state = 'queued' where state = 'sending'").run();
  });
}

/** How much waits, and how much the server has turned down; `listOutbox` tells of notes too. */
export function countOutbox(db: Reading): { queued: number; refused: number } {
  const row = statement<{ queued: number; refused: number }>(
    db.outbox,
    `select count(*) filter (where state <> 'refused') as queued,
       count(*) filter (where state = 'refused') as refused
     from (select state from messages union all select state from session_ends)`,
  ).get();
  return row ?? { queued: 0, refused: 0 };
}
