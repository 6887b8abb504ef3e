import type { SessionId } from "#shared/model/ids.ts";
import type { Session } from "#shared/model/session.ts";
import { inTransaction, statement } from "./database.ts";
import { giveSessionKey } from "./feed-rows.ts";
import type { Writing } from "./stores.ts";
import { toMs, toMsOrNull } from "./time.ts";

/**
 * Keeps a session that the server has just answered (start, pause, resume), so that the room can
 * open before the feed brings it. It has no revision, so whatever the feed brings replaces it; a
 * row that is known already only takes what a live session changes.
 */
export function keepSession(db: Writing, session: Session): void {
  inTransaction(db.cache, () => {
    statement(
      db.cache,
      `insert into sessions
         (key, id, appointment_id, patient_id, doctor_id, type, status, started_at, ended_at,
          duration_seconds, notes, created_at, last_seq, last_message_at, rev)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
       on conflict (key) do update set status = excluded.status,
         duration_seconds = max(sessions.duration_seconds, excluded.duration_seconds)
       where sessions.status <> 'ended'`,
    ).run(
      giveSessionKey(db.cache, session.id),
      session.id,
      session.appointmentId,
      session.patientId,
      session.doctorId,
      session.type,
      session.status,
      toMs(session.startedAt),
      toMsOrNull(session.endedAt),
      session.durationSeconds,
      session.notes,
      toMs(session.createdAt),
      session.lastSeq,
      toMsOrNull(session.lastMessageAt),
    );
  });
}

/** Takes the duration of a heartbeat, which the feed does not carry. */
export function growSession(
  db: Writing,
  live: { sessionId: SessionId; durationSeconds: number },
): void {
  statement(
    db.cache,
    `update sessions set duration_seconds = max(duration_seconds, ?)
     where id = ? and status <> 'ended'`,
  ).run(live.durationSeconds, live.sessionId);
}
