import type { Connection } from "./project.ts";
import { sqlStateOf } from "./engine.ts";
import { appointments, keys, people, sessions } from "./world.ts";

/** Who asks: the columns of the matrix. `no user` is a token with the role but nobody's id. */
export const askers = {
  doctor: { role: "authenticated", sub: people.doctor },
  patient: { role: "authenticated", sub: people.patient },
  guest: { role: "authenticated", sub: people.guest },
  "other dr": { role: "authenticated", sub: people.otherDoctor },
  "other pt": { role: "authenticated", sub: people.otherPatient },
  revoked: { role: "authenticated", sub: people.revoked },
  anonymous: { role: "authenticated", sub: people.anonymous, is_anonymous: true },
  "no user": { role: "authenticated" },
  anon: { role: "anon" },
} as const;

type Probe = { sql: string; topic?: string };

const { live, other, past } = sessions;
const object = (bucket: string, name: string) =>
  `insert into storage.objects (bucket_id, name) values ('${bucket}', '${name}')`;
const hear = (topic: string, extension = "broadcast") => ({
  sql: `select id from realtime.messages where topic = '${topic}' and extension = '${extension}'`,
  topic,
});
const tell = (topic: string, extension: string) => ({
  sql: `insert into realtime.messages (topic, extension) values ('${topic}', '${extension}')`,
  topic,
});
const message = (sender: string, type = "text") =>
  `insert into consultation_messages (session_id, sender_id, sender_role, sender_name, message_type, content)
   values ('${live}', ${sender}, 'patient', 'x', '${type}', 'hello')`;

/** What is asked: the rows of the matrix. */
const probes: Record<string, Probe> = {
  "sessions: read": { sql: "select id from consultation_sessions" },
  "sessions: insert for an appointment of doctor and patient": {
    sql: `insert into consultation_sessions (appointment_id, patient_id, doctor_id, consultation_type)
      values ('${appointments.free}', '${people.patient}', '${people.doctor}', 'chat')`,
  },
  "sessions: the same, returning the row": {
    sql: `insert into consultation_sessions (appointment_id, patient_id, doctor_id, consultation_type)
      values ('${appointments.free}', '${people.patient}', '${people.doctor}', 'chat') returning *`,
  },
  "sessions: update the status of the live one": {
    sql: `update consultation_sessions set status = 'paused' where id = '${live}'`,
  },
  "sessions: update every status, unseen": {
    sql: "update consultation_sessions set status = 'paused' where status <> 'ended'",
  },
  "sessions: write notes, unseen": { sql: "update consultation_sessions set notes = 'x'" },
  "sessions: delete": { sql: "delete from consultation_sessions" },

  "messages: read": { sql: "select id from consultation_messages" },
  "messages: insert one's own": { sql: message("auth.uid()") },
  "messages: insert in the doctor's name": { sql: message(`'${people.doctor}'`) },
  "messages: insert a system message": { sql: message("auth.uid()", "system") },
  "messages: update": { sql: "update consultation_messages set content = 'x'" },
  "messages: delete": { sql: "delete from consultation_messages" },

  "recordings: read": { sql: "select id from consultation_recordings" },
  "recordings: insert": {
    sql: `insert into consultation_recordings (session_id, recording_url) values ('${live}', '${live}/two.webm')`,
  },
  "recordings: update": { sql: "update consultation_recordings set recording_url = 'x'" },
  "recordings: delete": { sql: "delete from consultation_recordings" },

  "access: read": { sql: "select session_id from consultation_access" },
  "access: insert": {
    sql: `insert into consultation_access (user_id, session_id, role) values (auth.uid(), '${other}', 'doctor')`,
  },
  "access: update": { sql: "update consultation_access set granted = true, role = 'doctor'" },
  "access: delete": { sql: "delete from consultation_access" },

  "notes: read": { sql: "select id from consultation_notes" },
  "notes: insert one's own": {
    sql: `insert into consultation_notes (session_id, plan) values ('${past}', 'x')`,
  },
  "notes: insert in the doctor's name": {
    sql: `insert into consultation_notes (session_id, author_id, plan) values ('${past}', '${people.doctor}', 'x')`,
  },
  "notes: update, unseen": { sql: "update consultation_notes set plan = 'x'" },
  "notes: delete": { sql: "delete from consultation_notes" },

  "tombstones: read": { sql: "select id from consultation_tombstones" },
  "tombstones: insert": {
    sql: `insert into consultation_tombstones (entity, id, session_id) values ('message', gen_random_uuid(), '${live}')`,
  },
  "tombstones: update": { sql: "update consultation_tombstones set session_id = id" },
  "tombstones: delete": { sql: "delete from consultation_tombstones" },

  "settings: read": { sql: "select id from consultation_settings" },
  "settings: insert": { sql: "insert into consultation_settings (id) values (true)" },
  "settings: update": { sql: "update consultation_settings set who_waits = 'nobody'" },
  "settings: delete": { sql: "delete from consultation_settings" },

  "meta: read": { sql: "select id from consultation_meta" },
  "meta: insert": {
    sql: "insert into consultation_meta (schema_version, min_client) values (9, '9')",
  },
  "meta: update": { sql: "update consultation_meta set schema_version = 9" },
  "meta: delete": { sql: "delete from consultation_meta" },

  "clinic_appointments: read": { sql: "select id from clinic_appointments" },
  "clinic_appointments: update": { sql: "update clinic_appointments set status = 'x'" },
  "clinic_people: read": { sql: "select id from clinic_people" },
  "clinic_people: update": { sql: "update clinic_people set role = 'doctor'" },

  "profiles: read": { sql: "select id from profiles" },
  "profiles: insert one's own": {
    sql: "insert into profiles (id, full_name) values (auth.uid(), 'New')",
  },
  "profiles: insert another's": {
    sql: `insert into profiles (id, full_name) values ('${people.anonymous}', 'New')`,
  },
  "profiles: insert one's own as doctor": {
    sql: "insert into profiles (id, full_name, role) values (auth.uid(), 'New', 'doctor')",
  },
  "profiles: update one's own name": {
    sql: "update profiles set full_name = 'x' where id = auth.uid()",
  },
  "profiles: update one's own role": {
    sql: "update profiles set role = 'doctor' where id = auth.uid()",
  },
  "profiles: delete": { sql: "delete from profiles" },

  "appointments: read": { sql: "select id from appointments" },
  "appointments: insert": {
    sql: `insert into appointments (patient_id, doctor_id, starts_at) values ('${people.otherPatient}', auth.uid(), now())`,
  },
  "appointments: update": { sql: "update appointments set doctor_id = auth.uid()" },
  "appointments: delete": { sql: "delete from appointments" },

  "files: read": { sql: "select id from storage.objects where bucket_id = 'consultation-files'" },
  "files: read recordings": {
    sql: "select id from storage.objects where bucket_id = 'consultation-recordings'",
  },
  "files: read another bucket": {
    sql: "select id from storage.objects where bucket_id = 'avatars'",
  },
  "files: upload into the live session": { sql: object("consultation-files", `${live}/x.png`) },
  "files: upload into the ended session": { sql: object("consultation-files", `${past}/x.png`) },
  "files: upload beside every session": { sql: object("consultation-files", "x.png") },
  "files: upload a recording": { sql: object("consultation-recordings", `${live}/x.webm`) },
  "files: upload into another bucket": { sql: object("avatars", `${live}/x.png`) },
  "files: overwrite": { sql: "update storage.objects set name = name || 'x'" },
  "files: delete": { sql: "delete from storage.objects" },
  "buckets: read": { sql: "select id from storage.buckets" },
  "buckets: open": { sql: "update storage.buckets set public = true" },

  "topic session: hear broadcasts": hear(`session:${live}:${keys.live}`),
  "topic session: hear presence": hear(`session:${live}:${keys.live}`, "presence"),
  "topic session: broadcast": tell(`session:${live}:${keys.live}`, "broadcast"),
  "topic session: track presence": tell(`session:${live}:${keys.live}`, "presence"),
  "topic session with an old key: hear": {
    ...hear(`session:${live}:${keys.live}`),
    topic: `session:${live}:${keys.other}`,
  },
  "topic session with an old key: track presence": tell(
    `session:${live}:${keys.other}`,
    "presence",
  ),
  "topic typing: hear": hear(`typing:${live}:${keys.live}`),
  "topic typing: broadcast": tell(`typing:${live}:${keys.live}`, "broadcast"),
  "topic of the doctor: hear": hear(`user:${people.doctor}`),
  "topic of the doctor: broadcast": tell(`user:${people.doctor}`, "broadcast"),
  "topic of any other name: hear": { ...hear(`user:${people.doctor}`), topic: "lobby" },
  "topic of any other name: broadcast": tell("lobby", "broadcast"),
  "topics: update": {
    sql: "update realtime.messages set event = 'x'",
    topic: `session:${live}:${keys.live}`,
  },

  "call consultation_status": { sql: "select consultation_status()" },
  "call start_consultation": {
    sql: `select start_consultation('${appointments.free}', '${people.patient}', '${people.doctor}', 'chat')`,
  },
  "call start_consultation on the live one": {
    sql: `select start_consultation('${appointments.live}', '${people.patient}', '${people.doctor}', 'chat')`,
  },
  "call set_session_status": { sql: `select set_session_status('${live}', 'paused')` },
  "call touch_session": { sql: `select touch_session('${live}')` },
  "call end_consultation": { sql: `select end_consultation('${live}', 5)` },
  "call sync_snapshot": { sql: "select sync_snapshot()" },
  "call pull_since": {
    sql: "select jsonb_array_elements(pull_since(null, '0', '00000000-0000-0000-0000-000000000000', 100) -> 'rows')",
  },
  "call pull_session": {
    sql: `select jsonb_array_elements(pull_session('${live}', 0, 100) -> 'rows')`,
  },
  "call a helper: begin_new_epoch": { sql: "select consultation_private.begin_new_epoch()" },
  "call a helper: broadcast": {
    sql: `select consultation_private.broadcast('session:${live}:${keys.live}', 'message', '{}')`,
  },
  "read a mapping view": { sql: "select id from consultation_private.person_map" },
};

/** What came of it: a count of rows, or who refused and why. */
function verdictOf(error: unknown): string {
  const state = sqlStateOf(error);
  if (state !== "42501" || !(error instanceof Error)) return state;
  if (error.message.includes("row-level security")) return "policy";
  return error.message.startsWith("permission denied") ? "-" : "42501";
}

async function ask(
  connection: Connection,
  probe: Probe,
  asker: keyof typeof askers,
): Promise<string> {
  const claims = askers[asker];
  await connection.exec("savepoint probe");
  try {
    await connection.query(
      "select set_config('request.jwt.claims', $1, true), set_config('realtime.topic', $2, true)",
      [JSON.stringify(claims), probe.topic ?? ""],
    );
    await connection.exec(`set local role ${claims.role}`);
    return String(await connection.count(probe.sql));
  } catch (error) {
    return verdictOf(error);
  } finally {
    await connection.exec("rollback to savepoint probe; release savepoint probe");
  }
}

/** Yields one line after the other: what is asked, and what each asker gets. Runs in a transaction that the caller rolls back. */
export async function* askAll(
  connection: Connection,
  first = "",
): AsyncGenerator<{ title: string; verdicts: string[] }> {
  const order = Object.entries(probes).toSorted(
    ([a], [b]) => Number(b.startsWith(first)) - Number(a.startsWith(first)),
  );
  for (const [title, probe] of order) {
    const verdicts: string[] = [];
    for (const asker of Object.keys(askers) as (keyof typeof askers)[])
      verdicts.push(await ask(connection, probe, asker));
    yield { title, verdicts };
  }
}

const width = Math.max(...Object.keys(probes).map((title) => title.length));

export const headLine = [
  "".padEnd(width),
  ...Object.keys(askers).map((asker) => asker.padEnd(9)),
].join("|");
export const lineOf = ({ title, verdicts }: { title: string; verdicts: string[] }): string =>
  [title.padEnd(width), ...verdicts.map((verdict) => verdict.padEnd(9))].join("|");
