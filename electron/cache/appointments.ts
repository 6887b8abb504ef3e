import type { QueryOut } from "#shared/contract/bridge.ts";
import type { Appointment, AppointmentItem } from "#shared/model/appointment.ts";
import type { AppointmentId, SessionId, UserId } from "#shared/model/ids.ts";
import type { Person, PersonRole } from "#shared/model/person.ts";
import type { ConsultationType, SessionStatus } from "#shared/model/session.ts";
import { CacheError } from "./cache-error.ts";
import { inTransaction, statement } from "./database.ts";
import { fold } from "./fold.ts";
import { findMeta, putMeta } from "./meta.ts";
import { listQueuedEnds } from "./outbox-ends.ts";
import type { QueryArgs, Reading, Writing } from "./stores.ts";
import { fromMs, toMs } from "./time.ts";

type AppointmentColumns = {
  id: AppointmentId;
  patient_id: UserId;
  doctor_id: UserId;
  starts_at: number;
  duration_minutes: number | null;
  type: ConsultationType;
  status: string | null;
  reason: string | null;
  patient_name: string | null;
  doctor_name: string | null;
};

type SessionOfAppointment = { id: SessionId; status: SessionStatus };

const SELECT = `
  select a.*, nullif(p.name, '') as patient_name, nullif(d.name, '') as doctor_name
  from appointments a
  left join people p on p.id = a.patient_id
  left join people d on d.id = a.doctor_id`;

function toItem(db: Reading, row: AppointmentColumns): AppointmentItem {
  const ends = listQueuedEnds(db.outbox);
  const sessions = statement<SessionOfAppointment>(
    db.cache,
    `select id, status from sessions where appointment_id = ? and deleted_at is null
     order by started_at, id`,
  )
    .all(row.id)
    .map(({ id, status }) => ({ id, status: ends.has(id) ? ("ended" as const) : status }));
  return {
    id: row.id,
    patientId: row.patient_id,
    doctorId: row.doctor_id,
    startsAt: fromMs(row.starts_at),
    durationMinutes: row.duration_minutes,
    type: row.type,
    status: row.status,
    reason: row.reason,
    patientName: row.patient_name,
    doctorName: row.doctor_name,
    // The live one, where there is one, is what the day list must open.
    session: sessions.findLast(({ status }) => status !== "ended") ?? sessions.at(-1) ?? null,
    endedSessions: sessions.filter(({ status }) => status === "ended").length,
  };
}

export function listAppointments(
  db: Reading,
  { from, to }: QueryArgs<"appointments.list">,
): QueryOut<"appointments.list"> {
  const rows = statement<AppointmentColumns>(
    db.cache,
    `${SELECT} where a.starts_at >= ? and a.starts_at < ? order by a.starts_at, a.id`,
  ).all(toMs(from), toMs(to));
  return {
    items: rows.map((row) => toItem(db, row)),
    asOf: findMeta(db.cache, "calendar_as_of"),
  };
}

/** Throws `not_found` for an appointment that this machine does not have. */
export function getAppointment(
  db: Reading,
  { appointmentId }: { appointmentId: AppointmentId },
): QueryOut<"appointments.get"> {
  const row = statement<AppointmentColumns>(db.cache, `${SELECT} where a.id = ?`).get(
    appointmentId,
  );
  if (row === undefined) throw new CacheError("not_found", "no such appointment");
  return {
    item: toItem(db, row),
    patient: findPerson(db, { userId: row.patient_id }),
    asOf: findMeta(db.cache, "calendar_as_of"),
  };
}

export function findPerson(db: Reading, { userId }: { userId: UserId }): Person | null {
  const row = statement<{
    id: UserId;
    name: string;
    role: PersonRole;
    date_of_birth: string | null;
  }>(db.cache, "select id, name, role, date_of_birth from people where id = ?").get(userId);
  if (row === undefined) return null;
  return { id: row.id, name: row.name, role: row.role, dateOfBirth: row.date_of_birth };
}

/**
 * Replaces what the calendar says between `from` and `to`, and all people, by what the server has
 * now: one set, one transaction. Appointments outside the window stay, so that past ones can be
 * read. People are only added to: a name that an old session shows must not vanish.
 */
export function replaceCalendar(
  db: Writing,
  calendar: {
    from: string;
    to: string;
    appointments: Appointment[];
    people: Person[];
    asOf: string;
  },
): void {
  inTransaction(db.cache, () => {
    statement(db.cache, "delete from appointments where starts_at >= ? and starts_at < ?").run(
      toMs(calendar.from),
      toMs(calendar.to),
    );
    const insert = statement(
      db.cache,
      `insert or replace into appointments
         (id, patient_id, doctor_id, starts_at, duration_minutes, type, status, reason)
       values (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    for (const a of calendar.appointments) {
      insert.run(
        a.id,
        a.patientId,
        a.doctorId,
        toMs(a.startsAt),
        a.durationMinutes,
        a.type,
        a.status,
        a.reason,
      );
    }
    const keep = statement(
      db.cache,
      `insert or replace into people (id, name, name_folded, role, date_of_birth)
       values (?, ?, ?, ?, ?)`,
    );
    for (const p of calendar.people) keep.run(p.id, p.name, fold(p.name), p.role, p.dateOfBirth);
    putMeta(db.cache, "calendar_as_of", calendar.asOf);
  });
}
