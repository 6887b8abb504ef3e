import type { ActName } from "./writer-acts.ts";

/** Whose the sessions of a schedule are. All ids come from the test and need no quoting. */
export type Parties = { doctor: string; other: string; patient: string };

/** The acts of the schedules as the clinic's own statements, past row security. */
export function toSql(
  act: ActName,
  sessionId: string,
  pick: number,
  text: string,
  { doctor, other, patient }: Parties,
): string {
  const session = `update consultation_sessions set %s where id = '${sessionId}'`;
  const message = `(select id from consultation_messages where session_id = '${sessionId}' order by seq
    offset ${pick} % (select greatest(count(*), 1) from consultation_messages where session_id = '${sessionId}')
    limit 1)`;
  const setMessage = (set: string) =>
    `update consultation_messages set ${set} where id = ${message}`;
  const setSession = (set: string) => session.replace("%s", set);
  const setAccess = (granted: boolean, until: string) =>
    `insert into consultation_access (user_id, session_id, role, granted, expires_at)
       select '${doctor}', id, 'doctor', ${granted}, ${until} from consultation_sessions where id = '${sessionId}'
     on conflict (user_id, session_id) do update
       set granted = excluded.granted, expires_at = excluded.expires_at`;
  const whose = (mine: boolean) => (mine ? doctor : other);
  const status = ["active", "paused", "ended"][pick % 3] ?? "active";
  return {
    say: `insert into consultation_messages (session_id, sender_id, sender_role, sender_name, content)
       select id, '${patient}', 'patient', 'x', '${text}' from consultation_sessions
       where id = '${sessionId}' and status <> 'ended'`,
    edit: setMessage(`content = '${text}'`),
    mark: setMessage("entered_in_error_at = now()"),
    remove: setMessage("deleted_at = now()"),
    erase: `delete from consultation_messages where id = ${message}`,
    note: setSession(`notes = '${text}'`),
    status: `${setSession(`status = '${status}'`)} and status <> 'ended'`,
    archive: setSession(`deleted_at = ${pick % 3 === 0 ? "null" : "now()"}`),
    open: openSession(sessionId, whose(pick % 3 > 0), patient),
    eraseSession: `delete from consultation_sessions where id = '${sessionId}'`,
    grant: setAccess(true, "null"),
    revoke: setAccess(false, "null"),
    lend: setAccess(true, "now() + interval '30 milliseconds'"),
    handOver: setSession(`doctor_id = '${whose(pick % 2 === 0)}'`),
  }[act];
}

/** A session with an appointment of its own, unless it is there or was erased. */
export const openSession = (sessionId: string, doctorId: string, patientId: string): string =>
  `with booked as (
     insert into appointments (id, patient_id, doctor_id, starts_at)
     select '${sessionId}', '${patientId}', '${doctorId}', now()
     where not exists (select from appointments where id = '${sessionId}') returning id)
   insert into consultation_sessions (id, appointment_id, patient_id, doctor_id, consultation_type)
   select id, id, '${patientId}', '${doctorId}', 'chat' from booked`;
