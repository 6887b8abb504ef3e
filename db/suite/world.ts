import { paste } from "./engine.ts";
import type { Connection, Engine, Template } from "./project.ts";

const id = (kind: string, number: number) =>
  `${kind}0000-0000-4000-8000-${String(number).padStart(12, "0")}`;

/** The people of the suites. */
export const people = {
  doctor: id("aaaa", 1),
  patient: id("aaaa", 2),
  otherDoctor: id("aaaa", 3),
  otherPatient: id("aaaa", 4),
  revoked: id("aaaa", 5),
  guest: id("aaaa", 6),
  anonymous: id("aaaa", 7),
} as const;

/** Appointments: `live`, `free` and `past` of doctor and patient, `other` of the other two. */
export const appointments = {
  live: id("bbbb", 1),
  free: id("bbbb", 2),
  past: id("bbbb", 3),
  other: id("bbbb", 4),
} as const;

export const sessions = {
  live: id("cccc", 1),
  past: id("cccc", 3),
  other: id("cccc", 4),
} as const;

export const keys = { live: id("dddd", 1), other: id("dddd", 4) } as const;
export const messageId = (number: number): string => id("eeee", number);

/** The people and their appointments, on a project with the script's own tables. */
export async function insertPeople(connection: Connection): Promise<void> {
  const { doctor, patient, otherDoctor, otherPatient, revoked, guest, anonymous } = people;
  await connection.exec(`
    insert into auth.users (id) select unnest(array['${Object.values(people).join("','")}']::uuid[]);
    update auth.users set is_anonymous = true where id = '${anonymous}';
    insert into public.profiles (id, full_name, role) values
      ('${doctor}', 'Dr Doctor', 'doctor'), ('${patient}', 'Pat Patient', 'patient'),
      ('${otherDoctor}', 'Dr Other', 'doctor'), ('${otherPatient}', 'Other Patient', 'patient'),
      ('${revoked}', 'Former Guest', 'patient'), ('${guest}', 'Present Guest', 'patient');
    insert into public.appointments (id, patient_id, doctor_id, starts_at) values
      ('${appointments.live}', '${patient}', '${doctor}', now()),
      ('${appointments.free}', '${patient}', '${doctor}', now()),
      ('${appointments.past}', '${patient}', '${doctor}', now() - interval '1 day'),
      ('${appointments.other}', '${otherPatient}', '${otherDoctor}', now());
  `);
}

/**
 * A live session of doctor and patient with a guest and a revoked guest, an ended one, and a live
 * one of the other two; each with a message, the first with a recording, a note, a tombstone and a file.
 */
export async function insertSessions(connection: Connection): Promise<void> {
  const { doctor, patient, otherDoctor, otherPatient, revoked, guest } = people;
  await connection.exec(`
    insert into public.consultation_sessions (id, appointment_id, patient_id, doctor_id, consultation_type, topic_key) values
      ('${sessions.live}', '${appointments.live}', '${patient}', '${doctor}', 'chat', '${keys.live}'),
      ('${sessions.other}', '${appointments.other}', '${otherPatient}', '${otherDoctor}', 'chat', '${keys.other}');
    insert into public.consultation_sessions (id, appointment_id, patient_id, doctor_id, consultation_type, started_at, ended_at, status, duration_seconds)
      values ('${sessions.past}', '${appointments.past}', '${patient}', '${doctor}', 'chat', now() - interval '1 day', now() - interval '23 hours', 'ended', 600);
    insert into public.consultation_messages (id, session_id, sender_id, sender_role, sender_name, content) values
      ('${messageId(1)}', '${sessions.live}', '${patient}', 'patient', 'Pat Patient', 'first'),
      ('${messageId(2)}', '${sessions.live}', '${doctor}', 'doctor', 'Dr Doctor', 'erased later'),
      ('${messageId(3)}', '${sessions.past}', '${patient}', 'patient', 'Pat Patient', 'of old'),
      ('${messageId(4)}', '${sessions.other}', '${otherDoctor}', 'doctor', 'Dr Other', 'not yours');
    delete from public.consultation_messages where id = '${messageId(2)}';
    insert into public.consultation_recordings (session_id, recording_url, duration_seconds, file_size_mb)
      values ('${sessions.live}', '${sessions.live}/one.webm', 60, 1.5);
    insert into public.consultation_notes (session_id, author_id, plan) values
      ('${sessions.live}', '${doctor}', 'rest'), ('${sessions.other}', '${otherDoctor}', 'walk');
    insert into public.consultation_access (user_id, session_id, role) values
      ('${guest}', '${sessions.live}', 'guest'), ('${revoked}', '${sessions.live}', 'guest');
    update public.consultation_access set granted = false where user_id = '${revoked}';
    update public.consultation_sessions set topic_key = '${keys.live}' where id = '${sessions.live}';
    insert into storage.buckets (id, name) values ('avatars', 'avatars');
    insert into storage.objects (bucket_id, name) values
      ('consultation-files', '${sessions.live}/letter.pdf'), ('consultation-recordings', '${sessions.live}/one.webm'),
      ('avatars', 'somebody.png');
    delete from realtime.messages;
    insert into realtime.messages (topic, extension, event, payload) values
      ('session:${sessions.live}:${keys.live}', 'broadcast', 'message', '{}'),
      ('session:${sessions.live}:${keys.live}', 'presence', null, '{}'),
      ('typing:${sessions.live}:${keys.live}', 'broadcast', 'typing', '{}'),
      ('user:${doctor}', 'broadcast', 'hint', '{}');
  `);
}

/** Starts an engine and keeps a project with the script pasted and the people and sessions in it. */
export async function startWorld(engine: Engine): Promise<Template> {
  await engine.start();
  const project = await engine.createProject();
  await paste(project);
  await insertPeople(project);
  await insertSessions(project);
  return project.keep();
}
