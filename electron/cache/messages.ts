import type { QueryOut } from "#shared/contract/bridge.ts";
import type { MessageId, SessionId, UserId } from "#shared/model/ids.ts";
import type { Message, MessageType, SenderKind } from "#shared/model/message.ts";
import { statement } from "./database.ts";
import { findMeta } from "./meta.ts";
import { listQueuedMessages } from "./outbox-messages.ts";
import { ridOf, RIDS_PER_SESSION, seqOf } from "./rid.ts";
import { findSessionKey } from "./session-key.ts";
import { getSession } from "./sessions.ts";
import type { QueryArgs, Reading } from "./stores.ts";
import { fromMs, fromMsOrNull } from "./time.ts";
import { blobToUuid, uuidToBlob } from "./uuid-blob.ts";

type MessageColumns = {
  rid: number;
  id: Buffer;
  sender_id: Buffer | null;
  sender_kind: SenderKind;
  sender_name: string;
  type: MessageType;
  content: string;
  file_url: string | null;
  created_at: number;
  entered_in_error_at: number | null;
};

const toMessage = (row: MessageColumns, sessionId: SessionId): Message => ({
  id: blobToUuid(row.id) as MessageId,
  sessionId,
  seq: seqOf(row.rid),
  senderId: row.sender_id === null ? null : (blobToUuid(row.sender_id) as UserId),
  senderKind: row.sender_kind,
  senderName: row.sender_name,
  type: row.type,
  content: row.content,
  fileUrl: row.file_url,
  createdAt: fromMs(row.created_at),
  enteredInErrorAt: fromMsOrNull(row.entered_in_error_at),
  delivery: "sent",
  refusal: null,
});

/**
 * One page of a transcript in reading order; the newest page ends with what waits in the outbox.
 * Throws `not_found` for a session that this machine does not have.
 */
export function listMessages(
  db: Reading,
  { sessionId, beforeSeq, limit }: QueryArgs<"messages.list">,
): QueryOut<"messages.list"> {
  getSession(db, { sessionId });
  const asOf = findMeta(db.cache, "as_of");
  const key = findSessionKey(db.cache, sessionId) ?? 0;
  const below = beforeSeq === null ? RIDS_PER_SESSION : Math.min(beforeSeq, RIDS_PER_SESSION);
  const rows = statement<MessageColumns>(
    db.cache,
    `select rid, id, sender_id, sender_kind, sender_name, type, content, file_url, created_at,
       entered_in_error_at
     from messages where rid > ? and rid < ? and deleted_at is null
     order by rid desc limit ?`,
  ).all(ridOf(key, 0), ridOf(key, below), limit + 1);
  const messages = rows
    .slice(0, limit)
    .toReversed()
    .map((row) => toMessage(row, sessionId));
  if (beforeSeq === null) {
    // A crash between "stored as sent" and "taken out of the outbox" leaves a message in both.
    const waiting = listQueuedMessages(db.outbox, sessionId).filter(
      (message) => !isOnServer(db, key, message.id),
    );
    messages.push(...waiting);
  }
  return { messages, more: rows.length > limit, asOf };
}

function isOnServer(db: Reading, key: number, id: MessageId): boolean {
  const row = statement(
    db.cache,
    "select 1 from messages where rid > ? and rid < ? and id = ?",
  ).get(ridOf(key, 0), ridOf(key + 1, 0), uuidToBlob(id));
  return row !== undefined;
}
