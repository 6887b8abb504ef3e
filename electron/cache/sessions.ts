import type { QueryOut } from "#shared/contract/bridge.ts";
import type { AppointmentId, SessionId, UserId } from "#shared/model/ids.ts";
import type { ConsultationType, SessionStatus, SessionSummary } from "#shared/model/session.ts";
import { CacheError } from "./cache-error.ts";
import { statement } from "./database.ts";
import { fold } from "./fold.ts";
import { findMeta } from "./meta.ts";
import { listQueuedEnds, type QueuedEnd } from "./outbox-ends.ts";
import type { QueryArgs, Reading } from "./stores.ts";
import { fromMs, fromMsOrNull, toMs } from "./time.ts";

type SessionColumns = {
  id: SessionId;
  appointment_id: AppointmentId;
  patient_id: UserId;
  doctor_id: UserId;
  type: ConsultationType;
  status: SessionStatus;
  started_at: number;
  ended_at: number | null;
  duration_seconds: number;
  notes: string | null;
  created_at: number;
  last_seq: number;
  last_message_at: number | null;
  patient_name: string | null;
  doctor_name: string | null;
};

/** The sessions that the user may see, with names; an expired grant hides its session at once. */
const VISIBLE = `
  select s.id, s.appointment_id, s.patient_id, s.doctor_id, s.type, s.status, s.started_at,
    s.ended_at, s.duration_seconds, s.notes, s.created_at, s.last_seq, s.last_message_at,
    nullif(p.name, '') as patient_name, nullif(d.name, '') as doctor_name
  from sessions s
  left join people p on p.id = s.patient_id
  left join people d on d.id = s.doctor_id
  where s.deleted_at is null
    and not exists (select 1 from access a where a.session_id = s.id
      and (a.granted = 0 or a.expires_at <= unixepoch('subsec') * 1000))`;

/** A row as views show it: an end that waits in the outbox counts as made. */
function toSummary(row: SessionColumns, ends: ReadonlyMap<string, QueuedEnd>): SessionSummary {
  const end = row.status === "ended" ? undefined : ends.get(row.id);
  return {
    id: row.id,
    appointmentId: row.appointment_id,
    patientId: row.patient_id,
    doctorId: row.doctor_id,
    type: row.type,
    status: end === undefined ? row.status : "ended",
    startedAt: fromMs(row.started_at),
    endedAt: fromMsOrNull(end?.endedAt ?? row.ended_at),
    durationSeconds: end?.durationSeconds ?? row.duration_seconds,
    notes: end?.notes ?? row.notes,
    createdAt: fromMs(row.created_at),
    lastSeq: row.last_seq,
    lastMessageAt: fromMsOrNull(row.last_message_at),
    patientName: row.patient_name,
    doctorName: row.doctor_name,
    endQueued: end !== undefined,
  };
}

/** Past and live consultations, newest first, one keyset page; `day` is a day of this machine's time zone. */
export function listSessions(
  db: Reading,
  { limit, before, person, day }: QueryArgs<"sessions.list">,
): QueryOut<"sessions.list"> {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  if (before !== null) {
    conditions.push("(s.started_at, s.id) < (?, ?)");
    values.push(toMs(before.startedAt), before.id);
  }
  if (person !== undefined && person.trim() !== "") {
    conditions.push(
      "instr(case when s.doctor_id = ? then p.name_folded else d.name_folded end, ?) > 0",
    );
    values.push(db.userId, fold(person.trim()).trim());
  }
  if (day !== undefined) {
    const start = new Date(`${day}T00:00:00`);
    const end = new Date(start);
    end.setDate(end.getDate() + 1);
    conditions.push("s.started_at >= ? and s.started_at < ?");
    values.push(start.getTime(), end.getTime());
  }
  const filter = conditions.map((condition) => ` and ${condition}`).join("");
  const rows = statement<SessionColumns>(
    db.cache,
    `${VISIBLE}${filter} order by s.started_at desc, s.id desc limit ?`,
  ).all(...values, limit + 1);
  const ends = listQueuedEnds(db.outbox);
  const items = rows.slice(0, limit).map((row) => toSummary(row, ends));
  const last = items.at(-1);
  const next =
    rows.length > limit && last !== undefined ? { startedAt: last.startedAt, id: last.id } : null;
  return { items, next, asOf: findMeta(db.cache, "as_of") };
}

export function findSession(db: Reading, sessionId: SessionId): SessionSummary | null {
  const row = statement<SessionColumns>(db.cache, `${VISIBLE} and s.id = ?`).get(sessionId);
  return row === undefined ? null : toSummary(row, listQueuedEnds(db.outbox));
}

/** Throws `not_found` where this machine has never seen the session. */
export function getSession(
  db: Reading,
  { sessionId }: { sessionId: SessionId },
): QueryOut<"sessions.get"> {
  const session = findSession(db, sessionId);
  if (session === null) throw new CacheError("not_found", "no such session");
  return { session, asOf: findMeta(db.cache, "as_of") };
}

export function listSessionsForAppointment(
  db: Reading,
  { appointmentId }: { appointmentId: AppointmentId },
): QueryOut<"sessions.listForAppointment"> {
  const ends = listQueuedEnds(db.outbox);
  const sessions = statement<SessionColumns>(
    db.cache,
    `${VISIBLE} and s.appointment_id = ? order by s.started_at, s.id`,
  )
    .all(appointmentId)
    .map((row) => toSummary(row, ends));
  return {
    live: sessions.findLast((session) => session.status !== "ended") ?? null,
    ended: sessions.filter((session) => session.status === "ended"),
    asOf: findMeta(db.cache, "as_of"),
  };
}

/** The appointment of a session, or null where this machine does not have the session. */
export function findAppointmentOf(
  db: Reading,
  { sessionId }: { sessionId: SessionId },
): AppointmentId | null {
  const row = statement<{ id: AppointmentId }>(
    db.cache,
    "select appointment_id as id from sessions where id = ?",
  ).get(sessionId);
  return row?.id ?? null;
}
