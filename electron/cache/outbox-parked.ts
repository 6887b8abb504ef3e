import type { SessionId } from "#shared/model/ids.ts";
import { CacheError } from "./cache-error.ts";
import { inTransaction, statement } from "./database.ts";
import { returnNotes } from "./outbox-ends.ts";
import { findSession } from "./sessions.ts";
import type { Writing } from "./stores.ts";

// The ways out for the end of a session that the server has turned down, and for notes that were
// never saved. Those of messages are in outbox-messages.ts.

/** Puts a refused end back into the queue, with the notes as their draft has them now. */
export function retryEnd(db: Writing, { sessionId }: { sessionId: SessionId }): void {
  inTransaction(db.outbox, () => {
    const { changes } = statement(
      db.outbox,
      `update session_ends set state = 'queued', refusal = null, notes = coalesce(
         (select text from drafts d where d.session_id = session_ends.session_id and field = 'notes'),
         notes)
       where session_id = ? and state = 'refused'`,
    ).run(sessionId);
    // They travel with the end now; a second refusal puts them back.
    if (changes > 0) deleteNotes(db, sessionId);
  });
}

/**
 * Throws away a refused end, or notes that were never saved. The notes of an end stay in the draft of
 * a session that can still be seen. Throws `on_its_way` for an end that the server may have.
 */
export function discardEnd(db: Writing, { sessionId }: { sessionId: SessionId }): void {
  inTransaction(db.outbox, () => {
    const end = statement<{ state: string }>(
      db.outbox,
      "select state from session_ends where session_id = ?",
    ).get(sessionId);
    if (end?.state === "sending") throw new CacheError("on_its_way", "the end is on its way");
    const isSeen = findSession(db, sessionId) !== null;
    if (end !== undefined) {
      returnNotes(db, sessionId);
      statement(db.outbox, "delete from session_ends where session_id = ?").run(sessionId);
    }
    if (end === undefined || !isSeen) deleteNotes(db, sessionId);
  });
}

const deleteNotes = (db: Writing, sessionId: SessionId): void =>
  void statement(db.outbox, "delete from drafts where session_id = ? and field = 'notes'").run(
    sessionId,
  );
