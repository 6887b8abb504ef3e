import type { MessageId, SessionId } from "#shared/model/ids.ts";
import { statement } from "./database.ts";
import { searchQuery } from "./fold.ts";
import { seqOf } from "./rid.ts";
import type { Reading } from "./stores.ts";
import { blobToUuid } from "./uuid-blob.ts";

export type SearchHit = { id: MessageId; sessionId: SessionId; seq: number };

/**
 * Finds messages that hold every typed word, newest sessions of this cache first. Ordered by rowid,
 * not by rank: ranking a common word reads all of its hits.
 */
export function searchMessages(
  db: Reading,
  { text, limit }: { text: string; limit: number },
): SearchHit[] {
  const query = searchQuery(text);
  if (query === null) return [];
  return statement<{ rid: number; id: Buffer; session_id: SessionId }>(
    db.cache,
    `select m.rid, m.id, s.id as session_id
     from message_index i
     join messages m on m.rid = i.rowid
     join sessions s on s.key = m.rid >> 20 and s.deleted_at is null
     where message_index match ? order by i.rowid desc limit ?`,
  )
    .all(query, limit)
    .map(({ rid, id, session_id }) => ({
      id: blobToUuid(id) as MessageId,
      sessionId: session_id,
      seq: seqOf(rid),
    }));
}
