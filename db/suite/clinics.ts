import type { Connection, Row } from "./project.ts";

/** The guide's three tables with nothing else, as an early adopter has them, with rows in them. */
export async function insertBareTables(connection: Connection, messages: number): Promise<void> {
  const perSession = 100;
  await connection.exec(`
    set session authorization project_owner;
    create table public.consultation_sessions (
      id uuid primary key default gen_random_uuid(), appointment_id uuid, patient_id uuid, doctor_id uuid,
      consultation_type text, started_at timestamptz, ended_at timestamptz, duration_seconds int, status text,
      notes text, created_at timestamptz default now());
    create table public.consultation_messages (
      id uuid primary key default gen_random_uuid(), session_id uuid references public.consultation_sessions (id),
      sender_id uuid, sender_role text, sender_name text, message_type text, content text, file_url text,
      created_at timestamptz default now());
    create table public.consultation_recordings (
      id uuid primary key default gen_random_uuid(), session_id uuid references public.consultation_sessions (id),
      recording_url text, duration_seconds int, file_size_mb decimal, created_at timestamptz default now());
    insert into public.consultation_sessions
      (appointment_id, patient_id, doctor_id, consultation_type, started_at, ended_at, duration_seconds, status)
    select gen_random_uuid(), md5('patient' || n % 2000)::uuid, md5('doctor' || n % 20)::uuid, 'chat',
      now() - n * interval '1 minute', now() - n * interval '1 minute' + interval '10 minutes', 600, 'ended'
    from generate_series(1, ${Math.ceil(messages / perSession)}) n;
    insert into public.consultation_messages (session_id, sender_id, sender_role, sender_name, message_type, content, created_at)
    select s.id, s.doctor_id, 'doctor', 'Dr', 'text', repeat('word ', 24), s.started_at + n * interval '2 seconds'
    from generate_series(1, ${perSession}) n, public.consultation_sessions s limit ${messages};
    set session authorization postgres;
  `);
}

/** A clinic's own project whose columns have other usual names. */
export const otherNames = `
  set session authorization project_owner;
  create table public.users (
    id uuid primary key default gen_random_uuid(), user_id uuid not null references auth.users (id),
    first_name text, last_name text, user_type text not null, dob date);
  create table public.bookings (
    id uuid primary key default gen_random_uuid(), client_id uuid not null, provider_id uuid not null,
    booking_date date not null, booking_time time not null, end_time timestamptz, mode text, state text, title text);
  alter table public.bookings enable row level security;
  create policy mine on public.bookings for select to authenticated using (auth.uid() in (client_id, provider_id));
  grant select on public.bookings to authenticated;
  set session authorization postgres;
`;

/** A clinic's own project whose columns nobody could guess. */
export const strangeNames = `
  set session authorization project_owner;
  create table public.profiles (id uuid primary key, full_name text, role text);
  create table public.appointments (id uuid primary key default gen_random_uuid(), who uuid, by_whom uuid, on_day timestamptz);
  set session authorization postgres;
`;

/** The mapping view that such a clinic writes once, as the hint and db/schema/README.md say. */
export const ownMapping = `
  set session authorization project_owner;
  create schema if not exists consultation_private;
  create view consultation_private.appointment_map as
    select id, who as patient_id, by_whom as doctor_id, on_day as starts_at, 30 as duration_minutes,
      'chat'::text as appointment_type, null::text as status, null::text as reason
    from public.appointments;
  set session authorization postgres;
`;

/** A clinic whose appointments point at a table of doctors instead of at users. */
export const doctorsTable = `
  set session authorization project_owner;
  create table public.profiles (id uuid primary key, full_name text, role text);
  create table public.doctors (id uuid primary key, user_id uuid);
  create table public.appointments (
    id uuid primary key, patient_id uuid references public.profiles (id),
    doctor_id uuid references public.doctors (id), starts_at timestamptz);
  set session authorization postgres;
`;

/** What hosted projects refuse: anything but policies in the schemas of the platform. */
export const refuseForeignChanges = `
  create function public.refuse_foreign() returns event_trigger language plpgsql as $$
  declare command record;
  begin
    for command in select * from pg_event_trigger_ddl_commands() loop
      if command.object_type <> 'policy' and command.command_tag not in ('GRANT', 'REVOKE')
         and (command.schema_name in ('auth', 'storage', 'realtime') or command.object_identity ~ '^(auth|storage|realtime)\\.') then
        raise exception 'refused: % on %', command.command_tag, command.object_identity;
      end if;
    end loop;
  end $$;
  create function public.refuse_foreign_drop() returns event_trigger language plpgsql as $$
  declare dropped record;
  begin
    for dropped in select * from pg_event_trigger_dropped_objects() loop
      if dropped.object_type <> 'policy' and dropped.schema_name in ('auth', 'storage', 'realtime') then
        raise exception 'refused: drop of %', dropped.object_identity;
      end if;
    end loop;
  end $$;
  create event trigger refuse_foreign on ddl_command_end execute function public.refuse_foreign();
  create event trigger refuse_foreign_drop on sql_drop execute function public.refuse_foreign_drop();
`;

const definitions = `
  select 'column' as kind, attrelid::regclass::text as relation, attname::text as name,
    concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, (select string_agg(acl::text, ' ' order by acl::text) from unnest(attacl) acl), pg_get_expr(d.adbin, d.adrelid)) as definition
  from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'v', 'p')
  union all
  select 'relation', oid::regclass::text, relkind::text, concat_ws(' ', (select string_agg(acl::text, ' ' order by acl::text) from unnest(relacl) acl), relrowsecurity, relowner::regrole, reloptions::text,
    case relkind when 'v' then pg_get_viewdef(oid) end, obj_description(oid, 'pg_class'))
  from pg_class c where relkind in ('r', 'v', 'p')
  union all
  select 'constraint', conrelid::regclass::text, conname::text, concat_ws(' ', pg_get_constraintdef(oid), convalidated) from pg_constraint
  union all
  select 'index', tablename::text, indexname::text, indexdef from pg_indexes
  union all
  select 'policy', tablename::text, policyname::text, concat_ws(' ', schemaname, permissive, roles::text, cmd, qual, with_check) from pg_policies
  union all
  select 'trigger', tgrelid::regclass::text, tgname::text, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
  union all
  select 'function', pronamespace::regnamespace::text, oid::regprocedure::text, concat_ws(' ', (select string_agg(acl::text, ' ' order by acl::text) from unnest(proacl) acl), pg_get_functiondef(oid))
  from pg_proc where prokind = 'f' and pronamespace::regnamespace::text in ('public', 'consultation_private', 'auth', 'storage', 'realtime')
  union all
  select 'schema', '', nspname::text, (select string_agg(acl::text, ' ' order by acl::text) from unnest(nspacl) acl) from pg_namespace where nspname !~ '^pg_(temp|toast)'
`;

/** Every definition of the project outside the catalogues, to see what a script changed. */
export function definitionsOf(connection: Connection, onlyRelation?: string): Promise<Row[]> {
  const ours = "relation !~ '^(pg_|information_schema)' and kind || relation !~ '^index(pg_|sql_)'";
  const only = onlyRelation === undefined ? "" : `and relation in ('${onlyRelation}', 'public')`;
  return connection.query(
    `select * from (${definitions}) d where ${ours} ${only} order by kind, relation, name, definition`,
  );
}

/** Every row of the product's tables with the transaction that wrote it, as one fingerprint each. */
export async function rowsOf(connection: Connection): Promise<Record<string, unknown>> {
  const tables = await connection.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class where relkind = 'r'
     and (relname like 'consultation\\_%' or relname in ('profiles', 'appointments', 'buckets')) order by 1`,
  );
  const result: Record<string, unknown> = {};
  for (const { name } of tables) {
    const [row] = await connection.query(
      `select count(*) as rows, md5(string_agg(t.xmin || t::text, ',' order by t::text)) as fingerprint from ${name} t`,
    );
    result[name] = row;
  }
  return result;
}
