import { paste } from "#db/suite/engine.ts";
import { postgresEngine } from "#db/suite/engine-postgres.ts";
import type { Connection } from "#db/suite/project.ts";
import { appointments, insertPeople, people } from "#db/suite/world.ts";
import type { Turn } from "../lib/dialogues.ts";

/** A real PostgreSQL with the product's script and a clinic of so many ended consultations. */
export interface ClinicDatabase {
  /** Calls one of the product's functions as the doctor, as PostgREST does; gives JSON text. */
  call(name: string, args: Record<string, unknown>): Promise<string>;
  /** The rows of one of the clinic's views as the doctor sees them, those after an id. */
  read(view: string, columns: string, afterId: string | null): Promise<string>;
  /** New messages in existing consultations, each in a transaction of its own. */
  addMessages(count: number): Promise<void>;
  close(): Promise<void>;
}

const SESSIONS_OF_A_TRANSACTION = 50;
const quote = (value: unknown): string =>
  value === null || value === undefined ? "null" : `'${String(value).replaceAll("'", "''")}'`;
const name = (text: string): string => {
  if (!/^[a-z_]+$/.test(text)) throw new Error("not a name");
  return text;
};

export async function openClinicDatabase(
  sessions: number,
  turns: readonly Turn[],
  onProgress: (done: number) => void,
): Promise<ClinicDatabase> {
  const engine = postgresEngine();
  if (engine.absent !== null) throw new Error(`sync is measured on PostgreSQL: ${engine.absent}`);
  await engine.start();
  try {
    const project = await engine.createProject();
    await paste(project);
    await insertPeople(project);
    await fill(project, sessions, turns, onProgress);
    const writer = await project.connect();
    let added = 0;

    const asDoctor = async (query: string): Promise<string> => {
      const claims = JSON.stringify({ role: "authenticated", sub: people.doctor });
      const rows = await project.exec(`begin;
        select set_config('request.jwt.claims', ${quote(claims)}, true);
        set local role authenticated;
        select (${query})::text as body;
        commit`);
      return String(rows[0]?.["body"]);
    };

    return {
      call(routine, args) {
        const list = Object.entries(args).map(([key, value]) => `${name(key)} => ${quote(value)}`);
        return asDoctor(`public.${name(routine)}(${list.join(", ")})`);
      },
      read(view, columns, afterId) {
        const chosen = columns.split(",").map(name).join(", ");
        const where = afterId === null ? "" : `where id > ${quote(afterId)}`;
        return asDoctor(`select coalesce(json_agg(r), '[]') from
          (select ${chosen} from public.${name(view)} ${where} order by id limit 500) r`);
      },
      async addMessages(count) {
        const transactions = 10;
        for (let at = 0; at < transactions; at++) {
          added++;
          await writer.exec(`insert into public.consultation_messages
              (session_id, sender_id, sender_role, sender_name, content, created_at)
            select s.id, '${people.patient}', 'patient', 'Pat Patient', t.content, now()
            from bench_sessions s cross join generate_series(1, ${Math.ceil(count / transactions)}) g (i)
            join bench_texts t on t.n = g.i where s.n = ${added % sessions}`);
        }
      },
      async close() {
        await project.close();
        await engine.stop();
      },
    };
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

/**
 * Writes the history past the triggers, with the stamps that these would have given: a thousand
 * consultations a minute would else take longer than the measurement.
 */
async function fill(
  project: Connection,
  sessions: number,
  turns: readonly Turn[],
  onProgress: (done: number) => void,
): Promise<void> {
  const texts = JSON.stringify(turns);
  await project.query(
    `create table bench_texts as
       select n, e ->> 'role' as role, e ->> 'text' as content
       from jsonb_array_elements($1::text::jsonb) with ordinality as e (e, n)`,
    [texts],
  );
  await project.exec(`create unique index on bench_texts (n);
    create table bench_sessions as
      select n, gen_random_uuid() as id, case when n % 10 = 0 then 550 else 50 end as messages
      from generate_series(0, ${sessions - 1}) n;
    create unique index on bench_sessions (n);
    set session_replication_role = replica`);
  for (let from = 0; from < sessions; from += SESSIONS_OF_A_TRANSACTION) {
    const chosen = `s.n >= ${from} and s.n < ${from + SESSIONS_OF_A_TRANSACTION}`;
    await project.exec(`begin;
      insert into public.consultation_sessions (id, appointment_id, patient_id, doctor_id,
          consultation_type, started_at, ended_at, duration_seconds, status, topic_key, last_seq, created_at)
        select id, '${appointments.past}', '${people.patient}', '${people.doctor}', 'chat',
          '2024-01-01'::timestamptz + n * interval '1 hour',
          '2024-01-01'::timestamptz + n * interval '1 hour' + interval '20 minutes',
          1200, 'ended', gen_random_uuid(), messages, '2024-01-01'::timestamptz + n * interval '1 hour'
        from bench_sessions s where ${chosen};
      insert into public.consultation_access (user_id, session_id, role, owner)
        select '${people.doctor}', id, 'doctor', true from bench_sessions s where ${chosen};
      insert into public.consultation_messages (id, session_id, seq, sender_id, sender_role, sender_kind,
          sender_name, message_type, content, created_at, doctor_id)
        select gen_random_uuid(), s.id, seq,
          case t.role when 'doctor' then '${people.doctor}'::uuid else '${people.patient}'::uuid end,
          t.role, t.role, 'Pat Patient', 'text', t.content,
          '2024-01-01'::timestamptz + s.n * interval '1 hour' + seq * interval '5 seconds', '${people.doctor}'
        from bench_sessions s cross join lateral generate_series(1, s.messages) seq
        join bench_texts t on t.n = 1 + (s.n * 101 + seq) % ${turns.length} where ${chosen};
      commit`);
    onProgress(from + SESSIONS_OF_A_TRANSACTION);
  }
  await project.exec("set session_replication_role = origin; analyze");
}
