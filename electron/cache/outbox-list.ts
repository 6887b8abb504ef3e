import type { QueryOut } from "#shared/contract/bridge.ts";
import type { MessageId, SessionId } from "#shared/model/ids.ts";
import type { OutboxItem } from "#shared/model/outbox-item.ts";
import { statement } from "./database.ts";
import { findSession } from "./sessions.ts";
import type { Reading } from "./stores.ts";
import { fromMs } from "./time.ts";

type State = "queued" | "sending" | "refused";
type MessageColumns = {
  id: MessageId;
  session_id: SessionId;
  content: string;
  state: State;
  refusal: string | null;
  created_at: number;
};
type EndColumns = {
  session_id: SessionId;
  state: State;
  refusal: string | null;
  ended_at: number;
};

/**
 * All that exists only on this machine, whether its consultation can still be seen or not: what was
 * turned down first, then in the order of sending, then notes that were never saved.
 */
export function listOutbox(db: Reading): QueryOut<"outbox.list"> {
  const items = [...listMessages(db), ...listEnds(db), ...listUnsavedNotes(db)];
  const refused = items.filter(({ state }) => state === "refused");
  return { items: [...refused, ...items.filter(({ state }) => state !== "refused")] };
}

const listMessages = (db: Reading): OutboxItem[] =>
  statement<MessageColumns>(db.outbox, "select * from messages where user_id = ? order by position")
    .all(db.userId)
    .map((row) => ({
      kind: "message",
      id: row.id,
      content: row.content,
      state: row.state,
      createdAt: fromMs(row.created_at),
      ...aboutSession(db, row.session_id, row.refusal),
    }));

const listEnds = (db: Reading): OutboxItem[] =>
  statement<EndColumns>(
    db.outbox,
    "select * from session_ends where user_id = ? order by ended_at, session_id",
  )
    .all(db.userId)
    .map((row) => ({
      kind: "end",
      id: row.session_id,
      state: row.state,
      createdAt: fromMs(row.ended_at),
      ...aboutSession(db, row.session_id, row.refusal),
    }));

/** Notes whose session's end waits are counted with that end. */
const listUnsavedNotes = (db: Reading): OutboxItem[] =>
  statement<{ session_id: SessionId }>(
    db.outbox,
    `select session_id from drafts d
     where field = 'notes' and trim(text) <> ''
       and not exists (select 1 from session_ends e where e.session_id = d.session_id)
     order by session_id`,
  )
    .all()
    .map(({ session_id }) => ({
      kind: "notes",
      id: session_id,
      state: "unsaved",
      createdAt: null,
      ...aboutSession(db, session_id, null),
    }));

function aboutSession(db: Reading, sessionId: SessionId, reason: string | null) {
  const session = findSession(db, sessionId);
  const mine = session?.doctorId === db.userId;
  return {
    sessionId,
    reason,
    consultation: session && {
      appointmentId: session.appointmentId,
      type: session.type,
      status: session.status,
      personName: mine ? session.patientName : session.doctorName,
    },
  };
}
