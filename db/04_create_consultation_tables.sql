-- Consulting Room: everything the product needs in a Supabase project, in one paste.
-- Copy the whole file into the SQL editor and run it. Running it again changes nothing and loses
-- nothing. The last result is a table: each line says ok, or what to do.
-- Built from db/schema/*.sql by "npm run db:build": edit those, not this file.

-- ==== 00-begin.sql ====
-- All or nothing: an error anywhere leaves the project as it was.
begin;
set local client_min_messages = warning;
set local statement_timeout = '10min';
-- A million older messages are numbered in memory instead of in temporary files.
set local work_mem = '64MB';
set local maintenance_work_mem = '128MB';
set local jit = off;

-- ==== 10-preflight.sql ====
-- Looks before it touches: stops, and names what is missing, before anything is changed.

-- The first of the wanted columns that a table has, with one of the wanted types; null if none.
create or replace function pg_temp.pick_column(relation text, wanted text[], types text[])
returns text language sql stable as $$
  select a.attname::text
  from unnest(wanted) with ordinality as w (name, place)
  join pg_catalog.pg_attribute a
    on a.attrelid = to_regclass(relation) and a.attname = w.name and a.attnum > 0 and not a.attisdropped
  join pg_catalog.pg_type t on t.oid = a.atttypid
  where t.typname = any (types) or ('enum' = any (types) and t.typtype = 'e')
  order by w.place
  limit 1
$$;

-- The first of the wanted tables or views of schema public; null if none.
create or replace function pg_temp.pick_table(wanted text[])
returns text language sql stable as $$
  select 'public.' || quote_ident(w.name)
  from unnest(wanted) with ordinality as w (name, place)
  where to_regclass('public.' || quote_ident(w.name)) is not null
  order by w.place
  limit 1
$$;

do $preflight$
declare
  text_types constant text[] := array['text', 'varchar'];
  missing text[] := '{}';
  needed record;
begin
  if to_regprocedure('auth.uid()') is null or to_regprocedure('auth.jwt()') is null then
    raise exception 'This is not a Supabase project: the functions auth.uid() and auth.jwt() are missing. Nothing was changed.';
  end if;
  for needed in select unnest(array['anon', 'authenticated', 'service_role']) as role loop
    if to_regrole(needed.role) is null then
      raise exception 'This is not a Supabase project: the role % is missing. Nothing was changed.', needed.role;
    end if;
  end loop;

  -- The guide's three tables, where they exist already, must have the guide's columns.
  for needed in
    select * from (values
      ('consultation_sessions', 'id', array['uuid']),
      ('consultation_sessions', 'appointment_id', array['uuid']),
      ('consultation_sessions', 'patient_id', array['uuid']),
      ('consultation_sessions', 'doctor_id', array['uuid']),
      ('consultation_sessions', 'consultation_type', text_types),
      ('consultation_sessions', 'started_at', array['timestamptz']),
      ('consultation_sessions', 'ended_at', array['timestamptz']),
      ('consultation_sessions', 'duration_seconds', array['int4', 'int8']),
      ('consultation_sessions', 'status', text_types),
      ('consultation_sessions', 'notes', text_types),
      ('consultation_sessions', 'created_at', array['timestamptz']),
      ('consultation_messages', 'id', array['uuid']),
      ('consultation_messages', 'session_id', array['uuid']),
      ('consultation_messages', 'sender_id', array['uuid']),
      ('consultation_messages', 'sender_role', text_types),
      ('consultation_messages', 'sender_name', text_types),
      ('consultation_messages', 'message_type', text_types),
      ('consultation_messages', 'content', text_types),
      ('consultation_messages', 'file_url', text_types),
      ('consultation_messages', 'created_at', array['timestamptz']),
      ('consultation_recordings', 'id', array['uuid']),
      ('consultation_recordings', 'session_id', array['uuid']),
      ('consultation_recordings', 'recording_url', text_types),
      ('consultation_recordings', 'duration_seconds', array['int4', 'int8']),
      ('consultation_recordings', 'file_size_mb', array['numeric']),
      ('consultation_recordings', 'created_at', array['timestamptz'])
    ) as guide (relation, name, types)
    where to_regclass('public.' || guide.relation) is not null
  loop
    if pg_temp.pick_column('public.' || needed.relation, array[needed.name], needed.types) is null then
      missing := missing || format('public.%s.%s (%s)', needed.relation, needed.name, array_to_string(needed.types, ' or '));
    end if;
  end loop;
  if missing <> '{}' then
    raise exception 'Nothing was changed. These columns of the consultation tables are missing or have another type: %.', array_to_string(missing, ', ')
      using hint = 'Rename or convert them as in the setup guide, or rename the old tables, and run the script again.';
  end if;
end $preflight$;

-- ==== 11-find-appointments.sql ====
-- Finds the clinic's appointments by the usual names, and keeps the text of the mapping view
-- for the part that makes it. A view that the clinic has written itself is taken as it is.
do $find$
declare
  text_types constant text[] := array['text', 'varchar', 'bpchar', 'citext', 'enum'];
  relation text;
  id_column text; patient text; doctor text; starts text; day text; clock text;
  ends text; minutes text; kind text; state text; reason text;
  starts_at text; duration text; missing text[] := '{}'; target text;
begin
  if to_regclass('consultation_private.appointment_map') is not null
     and obj_description(to_regclass('consultation_private.appointment_map'), 'pg_class') is distinct from 'made by the script' then
    perform set_config('consultation.appointment_map', 'keep', true);
    return;
  end if;
  relation := pg_temp.pick_table(array['appointments', 'appointment', 'bookings']);
  if relation is null or (relation = 'public.appointments' and obj_description(relation::regclass, 'pg_class') = 'made by the script') then
    perform set_config('consultation.appointment_map', 'own', true);
    return;
  end if;

  id_column := pg_temp.pick_column(relation, array['id', 'appointment_id', 'uuid'], array['uuid']);
  patient := pg_temp.pick_column(relation, array['patient_id', 'patient_user_id', 'patient_uuid', 'patient', 'client_id', 'customer_id', 'user_id'], array['uuid']);
  doctor := pg_temp.pick_column(relation, array['doctor_id', 'doctor_user_id', 'doctor_uuid', 'doctor', 'provider_id', 'practitioner_id', 'clinician_id', 'physician_id', 'therapist_id'], array['uuid']);
  starts := pg_temp.pick_column(relation, array['starts_at', 'start_at', 'start_time', 'scheduled_at', 'scheduled_for', 'scheduled_start', 'appointment_at', 'appointment_time', 'appointment_date', 'appointment_datetime', 'date_time', 'datetime', 'start', 'date'], array['timestamptz', 'timestamp']);
  day := pg_temp.pick_column(relation, array['appointment_date', 'scheduled_date', 'start_date', 'booking_date', 'date', 'day'], array['date']);
  clock := pg_temp.pick_column(relation, array['appointment_time', 'scheduled_time', 'start_time', 'booking_time', 'starts_at', 'time'], array['time', 'timetz']);
  ends := pg_temp.pick_column(relation, array['ends_at', 'end_at', 'end_time', 'scheduled_end'], array['timestamptz', 'timestamp']);
  minutes := pg_temp.pick_column(relation, array['duration_minutes', 'duration_mins', 'duration_min', 'length_minutes', 'slot_minutes', 'duration'], array['int2', 'int4', 'int8']);
  kind := pg_temp.pick_column(relation, array['consultation_type', 'appointment_type', 'type', 'mode', 'kind', 'visit_type'], text_types);
  state := pg_temp.pick_column(relation, array['status', 'state', 'appointment_status'], text_types);
  reason := pg_temp.pick_column(relation, array['reason', 'reason_for_visit', 'chief_complaint', 'title', 'subject', 'description'], text_types);

  if id_column is null then missing := missing || 'the id (a column id of type uuid)'::text; end if;
  if patient is null then missing := missing || 'the patient (a column such as patient_id of type uuid)'::text; end if;
  if doctor is null then missing := missing || 'the doctor (a column such as doctor_id of type uuid)'::text; end if;
  if starts is null and (day is null or clock is null) then
    missing := missing || 'the start (a column such as starts_at of type timestamptz, or a date and a time)'::text;
  end if;
  if missing <> '{}' then
    raise exception 'Nothing was changed. In % these columns could not be found: %.', relation, array_to_string(missing, '; ')
      using hint = 'Tell the script where they are: create schema if not exists consultation_private; create view consultation_private.appointment_map as select … as id, … as patient_id, … as doctor_id, … as starts_at, … as duration_minutes, … as appointment_type, … as status, … as reason from your table; then run it again. See db/schema/README.md.';
  end if;

  -- patient_id and doctor_id must be users: a key into another table, such as doctors, is not.
  for target in
    select format('%s.%s refers to %s', relation, a.attname, c.confrelid::regclass)
    from pg_catalog.pg_constraint c
    join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.conrelid = relation::regclass and c.contype = 'f' and cardinality(c.conkey) = 1
      and a.attname in (patient, doctor)
      and c.confrelid is distinct from to_regclass('auth.users')
      and c.confrelid is distinct from to_regclass(pg_temp.pick_table(array['profiles', 'user_profiles', 'people', 'users']))
  loop
    raise exception 'Nothing was changed. %, which is not the table of users, so the script cannot know who may open a consultation.', target
      using hint = 'Write the view consultation_private.appointment_map yourself, with the ids of auth.users as patient_id and doctor_id, and run the script again. See db/schema/README.md.';
  end loop;

  starts_at := case
    when starts is null then format('((a.%I + a.%I) at time zone ''UTC'')', day, clock)
    when pg_temp.pick_column(relation, array[starts], array['timestamp']) is not null then format('(a.%I at time zone ''UTC'')', starts)
    else format('a.%I', starts)
  end;
  duration := case
    when minutes is not null then format('a.%I::int', minutes)
    when ends is not null then format(
      case when pg_temp.pick_column(relation, array[ends], array['timestamp']) is null
        then '(extract(epoch from a.%I - %s) / 60)::int' else '(extract(epoch from (a.%I at time zone ''UTC'') - %s) / 60)::int' end,
      ends, starts_at)
    else 'null::int'
  end;
  perform set_config('consultation.appointment_table', relation, true);
  perform set_config('consultation.appointment_id', id_column, true);
  perform set_config('consultation.appointment_map', format(
    'select a.%I as id, a.%I as patient_id, a.%I as doctor_id, %s as starts_at, %s as duration_minutes,
       case lower(%s)
         when ''video'' then ''video'' when ''audio'' then ''audio'' when ''chat'' then ''chat''
         when ''phone'' then ''audio'' when ''telephone'' then ''audio'' when ''call'' then ''audio'' when ''voice'' then ''audio''
         when ''online'' then ''video'' when ''virtual'' then ''video'' when ''telehealth'' then ''video''
         else ''chat''
       end as appointment_type,
       %s as status, %s as reason
     from %s a',
    id_column, patient, doctor, starts_at, duration,
    case when kind is null then 'null::text' else format('a.%I::text', kind) end,
    case when state is null then 'null::text' else format('a.%I::text', state) end,
    case when reason is null then 'null::text' else format('a.%I::text', reason) end,
    relation), true);
end $find$;

-- ==== 12-find-people.sql ====
-- Finds the clinic's people by the usual names, as the part before does for appointments.
do $find$
declare
  text_types constant text[] := array['text', 'varchar', 'bpchar', 'citext', 'enum'];
  relation text;
  id_column text; name text; first_name text; last_name text; role text; birth text;
  full_name text; missing text[] := '{}';
begin
  if to_regclass('consultation_private.person_map') is not null
     and obj_description(to_regclass('consultation_private.person_map'), 'pg_class') is distinct from 'made by the script' then
    perform set_config('consultation.person_map', 'keep', true);
    return;
  end if;
  relation := pg_temp.pick_table(array['profiles', 'user_profiles', 'people', 'users']);
  if relation is null or (relation = 'public.profiles' and obj_description(relation::regclass, 'pg_class') = 'made by the script') then
    perform set_config('consultation.person_map', 'own', true);
    return;
  end if;

  -- The column that refers to auth.users is the person's id, whatever its name.
  select a.attname into id_column
  from pg_catalog.pg_constraint c
  join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
  where c.conrelid = relation::regclass and c.contype = 'f' and cardinality(c.conkey) = 1
    and c.confrelid = to_regclass('auth.users')
  order by a.attnum limit 1;
  id_column := coalesce(id_column, pg_temp.pick_column(relation, array['user_id', 'auth_id', 'auth_user_id', 'id'], array['uuid']));
  name := pg_temp.pick_column(relation, array['full_name', 'name', 'display_name', 'fullname'], text_types);
  first_name := pg_temp.pick_column(relation, array['first_name', 'given_name', 'firstname'], text_types);
  last_name := pg_temp.pick_column(relation, array['last_name', 'family_name', 'lastname', 'surname'], text_types);
  role := pg_temp.pick_column(relation, array['role', 'user_role', 'user_type', 'account_type', 'type'], text_types);
  birth := pg_temp.pick_column(relation, array['date_of_birth', 'dob', 'birth_date', 'birthdate', 'birthday'], array['date', 'timestamptz', 'timestamp']);

  if id_column is null then missing := missing || 'the id (a column id or user_id of type uuid)'::text; end if;
  if name is null and (first_name is null or last_name is null) then
    missing := missing || 'the name (a column such as full_name, or first_name and last_name)'::text;
  end if;
  if role is null then missing := missing || 'the role (a column such as role)'::text; end if;
  if missing <> '{}' then
    raise exception 'Nothing was changed. In % these columns could not be found: %.', relation, array_to_string(missing, '; ')
      using hint = 'Tell the script where they are: create schema if not exists consultation_private; create view consultation_private.person_map as select … as id, … as full_name, … as role, … as date_of_birth from your table; then run it again. See db/schema/README.md.';
  end if;

  full_name := case
    when name is not null then format('p.%I::text', name)
    else format('nullif(btrim(concat_ws('' '', p.%I, p.%I)), '''')', first_name, last_name)
  end;
  perform set_config('consultation.person_map', format(
    'select p.%I as id, %s as full_name,
       case
         when lower(p.%I::text) in (''doctor'', ''physician'', ''provider'', ''practitioner'', ''clinician'', ''therapist'', ''gp'') then ''doctor''
         when lower(p.%I::text) in (''staff'', ''admin'', ''administrator'', ''receptionist'', ''nurse'', ''manager'') then ''staff''
         else ''patient''
       end as role,
       %s as date_of_birth
     from %s p',
    id_column, full_name, role, role,
    case when birth is null then 'null::date' else format('p.%I::date', birth) end,
    relation), true);
end $find$;

-- ==== 20-clinic.sql ====
-- The clinic's people and appointments. A blank project gets minimal tables of its own; a
-- clinic's tables are never altered, they are read through two mapping views.
create schema if not exists consultation_private;
comment on schema consultation_private is 'Helpers of the consultation tables. Not exposed: keep it out of the exposed schemas of the API.';

do $clinic$
begin
  if current_setting('consultation.person_map') = 'own' then
    create table if not exists public.profiles (
      id uuid primary key references auth.users (id) on delete cascade,
      full_name text not null check (btrim(full_name) <> ''),
      role text not null default 'patient' check (role in ('doctor', 'patient', 'staff')),
      date_of_birth date,
      created_at timestamptz not null default now()
    );
    comment on table public.profiles is 'made by the script';
    perform set_config('consultation.person_map',
      'select id, full_name, role, date_of_birth from public.profiles', true);
  end if;
  if current_setting('consultation.appointment_map') = 'own' then
    create table if not exists public.appointments (
      id uuid primary key default gen_random_uuid(),
      patient_id uuid not null,
      doctor_id uuid not null,
      starts_at timestamptz not null,
      duration_minutes int check (duration_minutes > 0),
      type text not null default 'chat' check (type in ('video', 'audio', 'chat')),
      status text not null default 'booked',
      reason text,
      created_at timestamptz not null default now(),
      check (patient_id <> doctor_id)
    );
    create index if not exists appointments_doctor_idx on public.appointments (doctor_id, starts_at);
    create index if not exists appointments_patient_idx on public.appointments (patient_id, starts_at);
    comment on table public.appointments is 'made by the script';
    perform set_config('consultation.appointment_map',
      'select id, patient_id, doctor_id, starts_at, duration_minutes, type as appointment_type, status, reason from public.appointments', true);
    perform set_config('consultation.appointment_table', 'public.appointments', true);
    perform set_config('consultation.appointment_id', 'id', true);
  end if;

  if current_setting('consultation.person_map') <> 'keep' then
    execute 'create or replace view consultation_private.person_map as ' || current_setting('consultation.person_map');
    comment on view consultation_private.person_map is 'made by the script';
  end if;
  if current_setting('consultation.appointment_map') <> 'keep' then
    execute 'create or replace view consultation_private.appointment_map as ' || current_setting('consultation.appointment_map');
    comment on view consultation_private.appointment_map is 'made by the script';
  end if;
end $clinic$;

-- Row security for the minimal tables only.
do $clinic$
begin
  if obj_description(to_regclass('public.profiles'), 'pg_class') = 'made by the script' then
    alter table public.profiles enable row level security;
    drop policy if exists profiles_read_own on public.profiles;
    create policy profiles_read_own on public.profiles for select to authenticated
      using (id = (select auth.uid()));
    drop policy if exists profiles_insert_own on public.profiles;
    create policy profiles_insert_own on public.profiles for insert to authenticated
      with check (
        id = (select auth.uid()) and role = 'patient'
        and not coalesce(((select auth.jwt()) ->> 'is_anonymous')::boolean, false)
      );
    -- Who somebody is says the clinic: a patient who could take another name could pose as his doctor.
    drop policy if exists profiles_update_own on public.profiles;
    revoke all on public.profiles from public, anon, authenticated;
    grant select, insert (id, full_name, date_of_birth) on public.profiles to authenticated;
    grant all on public.profiles to service_role;
  end if;
  if obj_description(to_regclass('public.appointments'), 'pg_class') = 'made by the script' then
    alter table public.appointments enable row level security;
    drop policy if exists appointments_read_own on public.appointments;
    create policy appointments_read_own on public.appointments for select to authenticated
      using ((select auth.uid()) in (patient_id, doctor_id));
    revoke all on public.appointments from public, anon, authenticated;
    grant select on public.appointments to authenticated;
    grant all on public.appointments to service_role;
  end if;
end $clinic$;

-- ==== 30-tables.sql ====
-- The guide's three tables, and the columns that the product adds to them.
create table if not exists public.consultation_sessions (
  id uuid primary key default gen_random_uuid(),
  appointment_id uuid not null,
  patient_id uuid not null,
  doctor_id uuid not null,
  consultation_type text not null,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  duration_seconds int not null default 0,
  status text not null default 'active',
  notes text,
  created_at timestamptz not null default now()
);

create table if not exists public.consultation_messages (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null,
  sender_id uuid,
  sender_role text not null,
  sender_name text not null,
  message_type text not null default 'text',
  content text not null,
  file_url text,
  created_at timestamptz not null default now()
);

create table if not exists public.consultation_recordings (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null,
  recording_url text not null,
  duration_seconds int not null default 0,
  file_size_mb decimal not null default 0,
  created_at timestamptz not null default now()
);

alter table public.consultation_sessions enable row level security;
alter table public.consultation_messages enable row level security;
alter table public.consultation_recordings enable row level security;

-- The stamps get one constant default, so that a million old rows need no rewriting for them.
alter table public.consultation_sessions
  add column if not exists topic_key uuid,
  add column if not exists last_seq bigint not null default 0,
  add column if not exists last_message_at timestamptz,
  add column if not exists touched_at timestamptz,
  add column if not exists paused_at timestamptz,
  add column if not exists paused_by uuid,
  add column if not exists paused_seconds int not null default 0,
  add column if not exists signed_at timestamptz,
  add column if not exists deleted_at timestamptz,
  add column if not exists rev bigint not null default 1,
  add column if not exists sync_xid xid8 not null default pg_current_xact_id();

alter table public.consultation_messages
  add column if not exists seq bigint,
  add column if not exists sender_kind text,
  add column if not exists doctor_id uuid,
  add column if not exists entered_in_error_at timestamptz,
  add column if not exists deleted_at timestamptz,
  add column if not exists rev bigint not null default 1,
  add column if not exists sync_xid xid8 not null default pg_current_xact_id();

alter table public.consultation_recordings
  add column if not exists doctor_id uuid,
  add column if not exists deleted_at timestamptz,
  add column if not exists rev bigint not null default 1,
  add column if not exists sync_xid xid8 not null default pg_current_xact_id();

-- Older tables may lack the defaults on which a plain REST insert relies.
alter table public.consultation_sessions
  alter column id set default gen_random_uuid(),
  alter column started_at set default now(),
  alter column duration_seconds set default 0,
  alter column status set default 'active',
  alter column created_at set default now();
alter table public.consultation_messages
  alter column id set default gen_random_uuid(),
  alter column message_type set default 'text',
  alter column created_at set default now();
alter table public.consultation_recordings
  alter column id set default gen_random_uuid(),
  alter column created_at set default now();

-- ==== 31-own-tables.sql ====
-- The tables that the guide does not know.

-- Who may open which session: the one authority that every policy asks. A row is revoked, never
-- removed, so that the feed can tell a cache to forget the session.
create table if not exists public.consultation_access (
  user_id uuid not null,
  session_id uuid not null,
  role text not null check (role in ('patient', 'doctor', 'guest')),
  granted boolean not null default true,
  expires_at timestamptz,
  -- True for the session's own clinician, whose feed is found by doctor_id.
  owner boolean not null default false,
  created_at timestamptz not null default now(),
  rev bigint not null default 1,
  sync_xid xid8 not null default pg_current_xact_id(),
  primary key (user_id, session_id)
);

-- A clinician's own record of a session. The patient never reads it and it is never broadcast.
create table if not exists public.consultation_notes (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references public.consultation_sessions (id) on delete cascade,
  author_id uuid not null default auth.uid(),
  content text not null default '',
  subjective text not null default '',
  objective text not null default '',
  assessment text not null default '',
  plan text not null default '',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (session_id, author_id)
);

-- What was erased, so that caches forget it too.
create table if not exists public.consultation_tombstones (
  entity text not null check (entity in ('session', 'message', 'recording')),
  id uuid not null,
  session_id uuid not null,
  rev bigint not null default 1,
  sync_xid xid8 not null default pg_current_xact_id(),
  primary key (entity, id)
);

-- What the two environment variables cannot hold. One row; edit it in the table editor.
create table if not exists public.consultation_settings (
  id boolean primary key default true check (id),
  clinic_name text,
  clinic_phone text,
  emergency_number text,
  patient_page_url text check (patient_page_url ~ '^https?://'),
  consent_text text,
  consent_version text,
  -- Who waits for Admit: whoever comes by invite link, everyone, or nobody.
  who_waits text not null default 'invited' check (who_waits in ('invited', 'everyone', 'nobody')),
  -- ICE servers as RTCPeerConnection takes them. Every signed-in user reads this: no lasting secret here.
  turn jsonb check (jsonb_typeof(turn) = 'array')
);
insert into public.consultation_settings (id) values (true) on conflict (id) do nothing;

-- Which script was pasted, which apps it serves, and the identity of this database's history.
create table if not exists public.consultation_meta (
  id boolean primary key default true check (id),
  schema_version int not null,
  min_client text not null,
  epoch uuid not null default gen_random_uuid()
);
insert into public.consultation_meta as meta (id, schema_version, min_client)
values (true, 1, '0.1.0')
on conflict (id) do update set schema_version = excluded.schema_version, min_client = excluded.min_client
where (meta.schema_version, meta.min_client) is distinct from (excluded.schema_version, excluded.min_client);

alter table public.consultation_access enable row level security;
alter table public.consultation_notes enable row level security;
alter table public.consultation_tombstones enable row level security;
alter table public.consultation_settings enable row level security;
alter table public.consultation_meta enable row level security;

-- ==== 32-backfill.sql ====
-- Gives rows that are older than the script what triggers give to new ones. A second run finds nothing to do.

-- The guide's bare tables asked for no status, no type and no time. What is called otherwise was
-- over; what is live must obey the rules, for it will be written to.
update public.consultation_sessions
set status = case when status in ('active', 'paused') then status else 'ended' end,
    consultation_type = case
      when status in ('active', 'paused') and coalesce(consultation_type, '') not in ('video', 'audio', 'chat') then 'chat'
      else consultation_type
    end,
    started_at = coalesce(started_at, created_at, now()),
    created_at = coalesce(created_at, started_at, now())
where status is null or status not in ('active', 'paused', 'ended') or started_at is null or created_at is null
   or (status <> 'ended' and coalesce(consultation_type, '') not in ('video', 'audio', 'chat'));

-- An appointment has one live session: of several, all but the newest are closed at their last sign of life.
with live as (
  select id, row_number() over (partition by appointment_id order by started_at desc nulls last, id desc) as place
  from public.consultation_sessions
  where status <> 'ended' and appointment_id is not null
)
update public.consultation_sessions s
set status = 'ended',
    ended_at = coalesce(s.ended_at, (select max(m.created_at) from public.consultation_messages m where m.session_id = s.id), s.started_at, now())
from live
where live.id = s.id and live.place > 1;

-- An end without a time, or a time without an end.
update public.consultation_sessions
set status = 'ended',
    ended_at = coalesce(ended_at, started_at + make_interval(secs => coalesce(duration_seconds, 0)), created_at, now())
where (status = 'ended') <> (ended_at is not null);

do $backfill$
begin
  if exists (select from public.consultation_messages where seq is null) then
    update public.consultation_messages m
    set seq = n.seq,
        doctor_id = s.doctor_id,
        sender_kind = case
          when m.message_type = 'system' then 'system'
          when m.sender_role in ('patient', 'doctor') then m.sender_role
          when m.sender_id = s.doctor_id then 'doctor'
          when m.sender_id = s.patient_id then 'patient'
          else 'system'
        end,
        created_at = coalesce(m.created_at, s.started_at, now())
    from (
      select id, session_id, row_number() over (partition by session_id order by created_at, id) as seq
      from public.consultation_messages
    ) n left join public.consultation_sessions s on s.id = n.session_id
    where n.id = m.id;

    update public.consultation_sessions s
    set last_seq = n.last_seq, last_message_at = n.last_message_at
    from (
      select session_id, max(seq) as last_seq, max(created_at) as last_message_at
      from public.consultation_messages
      group by session_id
    ) n
    where n.session_id = s.id;
  end if;
end $backfill$;

update public.consultation_sessions
set topic_key = coalesce(topic_key, gen_random_uuid()),
    touched_at = coalesce(touched_at, ended_at, now()),
    duration_seconds = coalesce(duration_seconds, 0)
where topic_key is null or touched_at is null or duration_seconds is null;

update public.consultation_recordings r
set doctor_id = s.doctor_id
from public.consultation_sessions s
where s.id = r.session_id and r.doctor_id is null and s.doctor_id is not null;

insert into public.consultation_access (user_id, session_id, role, owner)
select s.doctor_id, s.id, 'doctor', true from public.consultation_sessions s where s.doctor_id is not null
union all
select s.patient_id, s.id, 'patient', false from public.consultation_sessions s
where s.patient_id is not null and s.patient_id is distinct from s.doctor_id
on conflict (user_id, session_id) do nothing;

alter table public.consultation_messages
  alter column seq set not null,
  alter column sender_kind set not null;
alter table public.consultation_sessions
  alter column topic_key set not null,
  alter column topic_key set default gen_random_uuid();

-- ==== 33-constraints.sql ====
-- Rules of the columns. On rows older than the script a broken rule is left as it is and told in
-- the result table; new rows must obey at once.
do $rules$
declare rule record;
begin
  for rule in
    select * from (values
      ('consultation_sessions', 'consultation_sessions_type_known', $c$check (consultation_type in ('video', 'audio', 'chat'))$c$),
      ('consultation_sessions', 'consultation_sessions_status_known', $c$check (status in ('active', 'paused', 'ended'))$c$),
      ('consultation_sessions', 'consultation_sessions_end_known', $c$check ((status = 'ended') = (ended_at is not null))$c$),
      ('consultation_sessions', 'consultation_sessions_duration_possible', $c$check (duration_seconds >= 0)$c$),
      ('consultation_sessions', 'consultation_sessions_two_sides', $c$check (patient_id <> doctor_id)$c$),
      ('consultation_sessions', 'consultation_sessions_notes_length', $c$check (char_length(notes) <= 100000)$c$),
      ('consultation_sessions', 'consultation_sessions_complete', $c$check (num_nulls(appointment_id, patient_id, doctor_id, consultation_type, started_at, status, created_at) = 0)$c$),
      ('consultation_messages', 'consultation_messages_complete', $c$check (num_nulls(session_id, sender_role, sender_name, message_type, content, created_at) = 0)$c$),
      ('consultation_messages', 'consultation_messages_role_known', $c$check (sender_role in ('patient', 'doctor'))$c$),
      ('consultation_messages', 'consultation_messages_kind_known', $c$check (sender_kind in ('patient', 'doctor', 'guest', 'system'))$c$),
      ('consultation_messages', 'consultation_messages_type_known', $c$check (message_type in ('text', 'file', 'system'))$c$),
      ('consultation_messages', 'consultation_messages_length', $c$check (char_length(content) <= 10000)$c$),
      ('consultation_messages', 'consultation_messages_not_blank', $c$check (message_type = 'file' or content ~ '\S')$c$),
      ('consultation_messages', 'consultation_messages_session_fkey', 'foreign key (session_id) references public.consultation_sessions (id) on delete cascade'),
      ('consultation_recordings', 'consultation_recordings_session_fkey', 'foreign key (session_id) references public.consultation_sessions (id) on delete cascade'),
      ('consultation_recordings', 'consultation_recordings_size_possible', 'check (file_size_mb >= 0 and duration_seconds >= 0)')
    ) as r (relation, name, definition)
    where not exists (
      select from pg_catalog.pg_constraint c
      where c.conrelid = format('public.%I', r.relation)::regclass
        and (c.conname = r.name
             -- The guide's own foreign key, whatever its name, is enough.
             or (r.definition like 'foreign key%' and c.contype = 'f' and c.confrelid = 'public.consultation_sessions'::regclass))
    )
  loop
    execute format('alter table public.%I add constraint %I %s not valid', rule.relation, rule.name, rule.definition);
    begin
      execute format('alter table public.%I validate constraint %I', rule.relation, rule.name);
    exception when check_violation or foreign_key_violation then
      null; -- told by consultation_private.report()
    end;
  end loop;
end $rules$;

-- The session belongs to an appointment, where the clinic keeps appointments in a table with a key.
do $appointment$
declare
  relation regclass := to_regclass(nullif(current_setting('consultation.appointment_table', true), ''));
  id_column text := current_setting('consultation.appointment_id', true);
begin
  if relation is null
     or exists (
       select from pg_catalog.pg_constraint c
       join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
       where c.conrelid = 'public.consultation_sessions'::regclass and c.contype = 'f' and a.attname = 'appointment_id')
     or not exists (
       select from pg_catalog.pg_index i
       join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
       where i.indrelid = relation and i.indisunique and i.indnkeyatts = 1 and i.indpred is null and a.attname = id_column)
  then
    return;
  end if;
  begin
    execute format(
      'alter table public.consultation_sessions add constraint consultation_sessions_appointment_fkey
       foreign key (appointment_id) references %s (%I) not valid', relation, id_column);
  exception when insufficient_privilege then
    return; -- a table of somebody else's: the guards check the appointment all the same
  end;
  begin
    alter table public.consultation_sessions validate constraint consultation_sessions_appointment_fkey;
  exception when foreign_key_violation then
    null; -- told by consultation_private.report()
  end;
end $appointment$;

-- ==== 34-indexes.sql ====
-- One index for each question that the product asks.

-- One live session per appointment, whoever starts it and however often.
create unique index if not exists consultation_sessions_one_live
  on public.consultation_sessions (appointment_id) where status <> 'ended';
-- The sessions of an appointment, newest first.
create index if not exists consultation_sessions_appointment_idx
  on public.consultation_sessions (appointment_id, started_at desc);
-- getSessionHistory for either side.
create index if not exists consultation_sessions_doctor_idx
  on public.consultation_sessions (doctor_id, started_at desc);
create index if not exists consultation_sessions_patient_idx
  on public.consultation_sessions (patient_id, started_at desc);
-- The feed of the sessions' clinician.
create index if not exists consultation_sessions_feed_idx
  on public.consultation_sessions (doctor_id, sync_xid, id);

-- A transcript in order; also the last word on gapless numbers.
create unique index if not exists consultation_messages_seq_key
  on public.consultation_messages (session_id, seq);
create index if not exists consultation_messages_feed_idx
  on public.consultation_messages (doctor_id, sync_xid, id);

create index if not exists consultation_recordings_session_idx
  on public.consultation_recordings (session_id, created_at);
create index if not exists consultation_recordings_feed_idx
  on public.consultation_recordings (doctor_id, sync_xid, id);

-- Who is in a session: broadcasts and the people of a session.
create index if not exists consultation_access_session_idx
  on public.consultation_access (session_id);
create index if not exists consultation_access_feed_idx
  on public.consultation_access (user_id, sync_xid, session_id);
-- Sessions that a user sees without being their clinician.
create index if not exists consultation_access_others_idx
  on public.consultation_access (user_id, session_id) where not owner;
create index if not exists consultation_tombstones_feed_idx
  on public.consultation_tombstones (sync_xid, id);

-- ==== 40-helpers.sql ====
-- Small questions that triggers, policies and functions ask.

-- The role that a user has in a session now; null if he has none.
create or replace function consultation_private.role_in(p_session_id uuid, p_user_id uuid)
returns text language sql stable security definer set search_path = '' as $$
  select a.role from public.consultation_access a
  where a.user_id = p_user_id and a.session_id = p_session_id
    and a.granted and (a.expires_at is null or a.expires_at > now())
$$;

-- The name by which the clinic knows a user; null if it does not.
create or replace function consultation_private.name_of(p_user_id uuid)
returns text language sql stable security definer set search_path = '' as $$
  select p.full_name from consultation_private.person_map p where p.id = p_user_id limit 1
$$;

-- Whether an appointment is between these two.
create or replace function consultation_private.is_appointment_of(p_appointment_id uuid, p_patient_id uuid, p_doctor_id uuid)
returns boolean language sql stable security definer set search_path = '' as $$
  select exists (
    select from consultation_private.appointment_map a
    where a.id = p_appointment_id and a.patient_id = p_patient_id and a.doctor_id = p_doctor_id
  )
$$;

-- How a new session begins: open, or waiting for Admit where everyone waits and the patient came first.
create or replace function consultation_private.first_status(by_patient boolean)
returns text language sql stable security definer set search_path = '' as $$
  select case
    when by_patient and exists (select from public.consultation_settings where who_waits = 'everyone') then 'paused'
    else 'active'
  end
$$;

-- Whole seconds of consultation since the last sign of life. Somebody in the room gives one every
-- few seconds, so what lies beyond two minutes is an empty room and does not count.
create or replace function consultation_private.seconds_since(p_touched_at timestamptz)
returns int language sql volatile set search_path = '' as $$
  select least(greatest(floor(extract(epoch from clock_timestamp() - p_touched_at)), 0), 120)::int
$$;

-- Sends a private broadcast; does nothing where Realtime is absent, and never fails the write that it tells of.
create or replace function consultation_private.broadcast(p_topic text, p_event text, p_payload jsonb)
returns void language plpgsql security definer set search_path = '' as $$
begin
  if to_regprocedure('realtime.send(jsonb,text,text,boolean)') is not null then
    perform realtime.send(p_payload, p_event, p_topic, true);
  end if;
exception when others then
  raise warning 'consultation broadcast failed: %', sqlstate;
end $$;

-- Tells the people of a session, on their own topics, that something of it changed.
create or replace function consultation_private.hint(p_session_id uuid, p_kind text, p_except uuid default null)
returns void language plpgsql security definer set search_path = '' as $$
begin
  perform consultation_private.broadcast('user:' || a.user_id, 'hint',
    jsonb_build_object('kind', p_kind, 'session_id', s.id, 'appointment_id', s.appointment_id))
  from public.consultation_access a
  join public.consultation_sessions s on s.id = a.session_id
  where a.session_id = p_session_id and a.granted and a.user_id is distinct from p_except;
end $$;

-- ==== 41-stamps.sql ====
-- Stamps: each synced row carries its writer's transaction id and a revision. A row version is
-- visible in a snapshot exactly when its transaction is, so a snapshot is an exact cursor.

create or replace function consultation_private.stamp()
returns trigger language plpgsql set search_path = '' as $$
begin
  new.sync_xid := pg_current_xact_id();
  new.rev := case when tg_op = 'UPDATE' then old.rev + 1 else 1 end;
  return new;
end $$;

-- As above, but a heartbeat, which changes only the duration, is no news for a cache.
create or replace function consultation_private.stamp_session()
returns trigger language plpgsql set search_path = '' as $$
declare beside public.consultation_sessions := new;
begin
  if tg_op = 'UPDATE' then
    beside.duration_seconds := old.duration_seconds;
    beside.touched_at := old.touched_at;
    if beside is not distinct from old then
      return new;
    end if;
  end if;
  new.sync_xid := pg_current_xact_id();
  new.rev := case when tg_op = 'UPDATE' then old.rev + 1 else 1 end;
  return new;
end $$;

create or replace trigger z_stamp before insert or update on public.consultation_sessions
  for each row execute function consultation_private.stamp_session();
create or replace trigger z_stamp before insert or update on public.consultation_messages
  for each row execute function consultation_private.stamp();
create or replace trigger z_stamp before insert or update on public.consultation_recordings
  for each row execute function consultation_private.stamp();
create or replace trigger z_stamp before insert or update on public.consultation_access
  for each row execute function consultation_private.stamp();
create or replace trigger z_stamp before insert or update on public.consultation_tombstones
  for each row execute function consultation_private.stamp();

-- What is erased leaves a tombstone.
create or replace function consultation_private.bury()
returns trigger language plpgsql security definer set search_path = '' as $$
declare
  dead constant jsonb := to_jsonb(old);
begin
  insert into public.consultation_tombstones (entity, id, session_id)
  values (tg_argv[0], (dead ->> 'id')::uuid, coalesce(dead ->> 'session_id', dead ->> 'id')::uuid)
  on conflict (entity, id) do update set session_id = excluded.session_id;
  if tg_argv[0] = 'session' then
    update public.consultation_access set granted = false where session_id = (dead ->> 'id')::uuid and granted;
  end if;
  return null;
end $$;

create or replace trigger bury after delete on public.consultation_sessions
  for each row execute function consultation_private.bury('session');
create or replace trigger bury after delete on public.consultation_messages
  for each row execute function consultation_private.bury('message');
create or replace trigger bury after delete on public.consultation_recordings
  for each row execute function consultation_private.bury('recording');

-- A changed message stamps its session too: the feed of those who are not its clinician looks
-- only into sessions that changed.
create or replace function consultation_private.stamp_parent()
returns trigger language plpgsql security definer set search_path = '' as $$
begin
  update public.consultation_sessions set rev = rev + 1
  where id = case when tg_op = 'DELETE' then old.session_id else new.session_id end;
  return null;
end $$;

create or replace trigger stamp_parent after update or delete on public.consultation_messages
  for each row execute function consultation_private.stamp_parent();
create or replace trigger stamp_parent after insert or update or delete on public.consultation_recordings
  for each row execute function consultation_private.stamp_parent();

-- ==== 42-access.sql ====
-- consultation_access follows patient_id and doctor_id; revoking rotates the room's topic key,
-- because Realtime asks its policies only once per channel and token.

create or replace function consultation_private.grant_sides()
returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'UPDATE' then
    update public.consultation_access
    set granted = false, owner = false
    where session_id = new.id and user_id in (old.patient_id, old.doctor_id)
      and user_id not in (new.patient_id, new.doctor_id) and (granted or owner);
  end if;
  insert into public.consultation_access as a (user_id, session_id, role, owner)
  select side.user_id, new.id, side.role, side.role = 'doctor'
  from (values (new.doctor_id, 'doctor'), (new.patient_id, 'patient')) as side (user_id, role)
  where side.user_id is not null
    and (tg_op = 'INSERT' or side.user_id is distinct from case side.role when 'doctor' then old.doctor_id else old.patient_id end)
  on conflict (user_id, session_id) do update
    set role = excluded.role, owner = excluded.owner, granted = true, expires_at = null;
  if tg_op = 'UPDATE' and new.doctor_id is distinct from old.doctor_id then
    update public.consultation_messages set doctor_id = new.doctor_id where session_id = new.id;
    update public.consultation_recordings set doctor_id = new.doctor_id where session_id = new.id;
  end if;
  return null;
end $$;

create or replace trigger grant_sides after insert on public.consultation_sessions
  for each row execute function consultation_private.grant_sides();
create or replace trigger grant_new_sides after update of patient_id, doctor_id on public.consultation_sessions
  for each row when (old.patient_id is distinct from new.patient_id or old.doctor_id is distinct from new.doctor_id)
  execute function consultation_private.grant_sides();

-- A row of access is never removed: it is revoked, so that the user's cache hears of it.
create or replace function consultation_private.revoke_instead()
returns trigger language plpgsql security definer set search_path = '' as $$
begin
  update public.consultation_access set granted = false
  where user_id = old.user_id and session_id = old.session_id and granted;
  return null;
end $$;

create or replace trigger revoke_instead before delete on public.consultation_access
  for each row execute function consultation_private.revoke_instead();

create or replace function consultation_private.access_changed()
returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'UPDATE' and old.granted and not new.granted then
    update public.consultation_sessions set topic_key = gen_random_uuid() where id = new.session_id;
  end if;
  -- Told even when it is a revocation: that is how an open cache purges at once.
  perform consultation_private.broadcast('user:' || new.user_id, 'hint', jsonb_build_object(
    'kind', 'access', 'session_id', new.session_id,
    'appointment_id', (select s.appointment_id from public.consultation_sessions s where s.id = new.session_id)));
  return null;
end $$;

create or replace trigger access_changed after insert or update on public.consultation_access
  for each row execute function consultation_private.access_changed();

-- ==== 43-sessions.sql ====
-- What a session's row may become, and its clock.

-- For writers under row security: who may change what. Whether they may touch the row at all is
-- for the policies to say. `row_security_active` is false for the script's own functions.
create or replace function consultation_private.guard_session()
returns trigger language plpgsql set search_path = '' as $$
declare
  me constant uuid := auth.uid();
  my_role text;
  beside public.consultation_sessions;
begin
  if not row_security_active('public.consultation_sessions') then
    return new;
  end if;

  if tg_op = 'INSERT' then
    if not consultation_private.is_appointment_of(new.appointment_id, new.patient_id, new.doctor_id) then
      raise exception 'The session does not match its appointment.' using errcode = 'CR001';
    end if;
    new.status := consultation_private.first_status(me = new.patient_id);
    new.started_at := now();
    new.created_at := now();
    new.ended_at := null;
    new.duration_seconds := 0;
    new.notes := null;
    new.topic_key := gen_random_uuid();
    new.touched_at := null;
    new.paused_at := null;
    new.paused_by := null;
    new.paused_seconds := 0;
    new.signed_at := null;
    new.deleted_at := null;
    return new;
  end if;

  beside := new;
  beside.status := old.status;
  beside.notes := old.notes;
  if beside is distinct from old then
    raise exception 'Only the status and the notes of a session can be changed.' using errcode = '42501';
  end if;
  my_role := consultation_private.role_in(old.id, me);
  if my_role is null or my_role not in ('doctor', 'patient') then
    raise exception 'Only the doctor and the patient of a session can change it.' using errcode = '42501';
  end if;
  if new.notes is distinct from old.notes then
    if my_role <> 'doctor' then
      raise exception 'Only the doctor writes the notes of a session.' using errcode = '42501';
    end if;
    if old.signed_at is not null then
      raise exception 'The session is signed: its notes can no longer be changed.' using errcode = 'CR003';
    end if;
  end if;
  if new.status is distinct from old.status then
    if old.status = 'ended' then
      raise exception 'The session has ended.' using errcode = 'CR002';
    end if;
    if my_role = 'patient' and new.status = 'ended' then
      raise exception 'Only the doctor ends a session.' using errcode = '42501';
    end if;
    -- A patient may come back from his own pause, but admits nobody, himself least of all.
    if my_role = 'patient' and new.status = 'active' and old.paused_by is distinct from me then
      raise exception 'Only the doctor lets the patient in.' using errcode = '42501';
    end if;
  end if;
  return new;
end $$;

-- For every writer: the clock of a session.
create or replace function consultation_private.keep_session_clock()
returns trigger language plpgsql set search_path = '' as $$
declare
  moment constant timestamptz := clock_timestamp();
begin
  if tg_op = 'INSERT' then
    new.topic_key := coalesce(new.topic_key, gen_random_uuid());
    new.last_seq := 0;
    new.last_message_at := null;
    new.touched_at := coalesce(new.ended_at, moment);
    if new.status = 'paused' then
      new.paused_at := coalesce(new.paused_at, moment);
    end if;
    return new;
  end if;
  if new.status is distinct from old.status then
    if old.status = 'active' and new.duration_seconds = old.duration_seconds then
      new.duration_seconds := old.duration_seconds + consultation_private.seconds_since(old.touched_at);
    end if;
    if old.status = 'paused' then
      new.paused_seconds := old.paused_seconds + greatest(extract(epoch from moment - coalesce(old.paused_at, moment)), 0)::int;
      new.paused_at := null;
      new.paused_by := null;
    end if;
    if new.status = 'paused' then
      new.paused_at := moment;
      new.paused_by := auth.uid();
    end if;
    if new.status = 'ended' then
      new.ended_at := coalesce(new.ended_at, moment);
    end if;
    new.touched_at := moment;
  end if;
  return new;
end $$;

create or replace trigger a_guard before insert or update on public.consultation_sessions
  for each row execute function consultation_private.guard_session();
create or replace trigger b_clock before insert or update on public.consultation_sessions
  for each row execute function consultation_private.keep_session_clock();

-- ==== 44-messages.sql ====
-- Who speaks, and the gapless number of each message.

-- For writers under row security: nobody chooses his role, kind, name or time. A writer who is not
-- in the session passes untouched: the policy refuses him.
create or replace function consultation_private.guard_message()
returns trigger language plpgsql set search_path = '' as $$
declare
  my_role text;
begin
  if not row_security_active('public.consultation_messages') then
    return new;
  end if;
  new.seq := null;
  new.sender_kind := null;
  new.doctor_id := null;
  new.entered_in_error_at := null;
  new.deleted_at := null;
  my_role := consultation_private.role_in(new.session_id, auth.uid());
  if my_role is null then
    return new;
  end if;
  new.sender_kind := my_role;
  new.sender_role := case my_role when 'doctor' then 'doctor' else 'patient' end;
  new.sender_name := coalesce(
    consultation_private.name_of(auth.uid()), left(nullif(btrim(new.sender_name), ''), 200), initcap(my_role));
  new.created_at := null;
  if new.message_type = 'text' then
    new.file_url := null;
  elsif new.message_type = 'file' and (
    coalesce(new.file_url, '') not like new.session_id || '/_%' or new.file_url ~ '(^|/)[.][.](/|$)' or char_length(new.file_url) > 1024)
  then
    raise exception 'A file message names an object in the folder of its session.' using errcode = '22023';
  end if;
  return new;
end $$;

-- For every writer: takes the session's row lock, looks again whether the message is there already
-- (a retry, an ON CONFLICT insert), and only then takes the next number. So no path leaves a gap.
create or replace function consultation_private.number_message()
returns trigger language plpgsql security definer set search_path = '' as $$
declare
  session public.consultation_sessions;
begin
  if new.sender_kind is null and auth.uid() is not null and consultation_private.role_in(new.session_id, auth.uid()) is null then
    return new; -- a stranger: no lock for him
  end if;
  new.sender_kind := coalesce(new.sender_kind, case when new.message_type = 'system' then 'system' else new.sender_role end);

  select * into session from public.consultation_sessions where id = new.session_id for update;
  if not found then
    return new; -- the foreign key says so
  end if;
  new.doctor_id := session.doctor_id;
  if exists (select from public.consultation_messages m where m.id = new.id) then
    new.seq := session.last_seq + 1;
    new.created_at := coalesce(new.created_at, clock_timestamp());
    return new; -- the primary key answers; no number is taken
  end if;
  -- A retry whose first answer was lost must not bring back what was erased meanwhile.
  if auth.uid() is not null
    and exists (select from public.consultation_tombstones t where t.entity = 'message' and t.id = new.id)
  then
    raise exception 'This message was erased.' using errcode = '42501';
  end if;
  -- The guard has emptied the time of whoever is under row security; an import brings its own.
  if session.status = 'ended' and new.created_at is null then
    raise exception 'The session has ended.' using errcode = 'CR002';
  end if;
  new.created_at := coalesce(new.created_at, clock_timestamp());
  update public.consultation_sessions
  set last_seq = last_seq + 1, last_message_at = greatest(last_message_at, new.created_at)
  where id = new.session_id
  returning last_seq into new.seq;
  return new;
end $$;

create or replace trigger a_guard before insert on public.consultation_messages
  for each row execute function consultation_private.guard_message();
create or replace trigger b_number before insert on public.consultation_messages
  for each row execute function consultation_private.number_message();

-- What names a message, and its place, never change; a clinic's own tools may mark it as a mistake.
create or replace function consultation_private.keep_message()
returns trigger language plpgsql set search_path = '' as $$
begin
  if (new.id, new.session_id, new.seq) is distinct from (old.id, old.session_id, old.seq) then
    raise exception 'A message keeps its id, its session and its number.' using errcode = '42501';
  end if;
  return new;
end $$;

create or replace trigger a_keep before update on public.consultation_messages
  for each row execute function consultation_private.keep_message();

-- For writers under row security: a recording is filed under its session's clinician.
create or replace function consultation_private.guard_recording()
returns trigger language plpgsql security definer set search_path = '' as $$
begin
  new.doctor_id := (select s.doctor_id from public.consultation_sessions s where s.id = new.session_id);
  if auth.uid() is not null then
    new.created_at := now();
    new.deleted_at := null;
  end if;
  return new;
end $$;

create or replace trigger a_guard before insert on public.consultation_recordings
  for each row execute function consultation_private.guard_recording();

-- A note keeps its session and author, and rests once the session is signed.
create or replace function consultation_private.guard_note()
returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'UPDATE' and (new.id, new.session_id, new.author_id) is distinct from (old.id, old.session_id, old.author_id) then
    raise exception 'A note keeps its session and its author.' using errcode = '42501';
  end if;
  if exists (select from public.consultation_sessions s where s.id = new.session_id and s.signed_at is not null) then
    raise exception 'The session is signed: its notes can no longer be changed.' using errcode = 'CR003';
  end if;
  new.updated_at := now();
  return new;
end $$;

create or replace trigger a_guard before insert or update on public.consultation_notes
  for each row execute function consultation_private.guard_note();

-- ==== 50-views.sql ====
-- What the API shows of the clinic's calendar and people.

create or replace view public.clinic_appointments with (security_barrier = true) as
  select a.id, a.patient_id, a.doctor_id, a.starts_at, a.duration_minutes, a.appointment_type, a.status, a.reason
  from consultation_private.appointment_map a
  where a.doctor_id = (select auth.uid()) or a.patient_id = (select auth.uid());

-- A date of birth is shown to its owner and to the doctors of the person.
create or replace view public.clinic_people with (security_barrier = true) as
  with mine as (
    select a.session_id, a.role from public.consultation_access a
    where a.user_id = (select auth.uid()) and a.granted and (a.expires_at is null or a.expires_at > now())
  ), known as (
    select (select auth.uid()) as id, true as as_doctor
    union all
    select a.patient_id, true from consultation_private.appointment_map a where a.doctor_id = (select auth.uid())
    union all
    select a.doctor_id, false from consultation_private.appointment_map a where a.patient_id = (select auth.uid())
    union all
    select others.user_id, mine.role = 'doctor'
    from mine join public.consultation_access others on others.session_id = mine.session_id and others.granted
  )
  select p.id, p.full_name, p.role, case when seen.as_doctor then p.date_of_birth end as date_of_birth
  from (select known.id, bool_or(known.as_doctor) as as_doctor from known group by known.id) seen
  join consultation_private.person_map p on p.id = seen.id;

-- ==== 51-functions.sql ====
-- What callers call. Each checks for itself who calls, for most of them run with the script's rights.

create or replace function consultation_private.signed_in()
returns uuid language plpgsql stable set search_path = '' as $$
begin
  if auth.uid() is null then
    raise exception 'Sign in first.' using errcode = '42501';
  end if;
  return auth.uid();
end $$;

-- The caller's role in a session; raises if there is none.
create or replace function consultation_private.my_role_in(p_session_id uuid)
returns text language plpgsql stable security definer set search_path = '' as $$
declare
  my_role constant text := consultation_private.role_in(p_session_id, consultation_private.signed_in());
begin
  if my_role is not null then
    return my_role;
  end if;
  if exists (select from public.consultation_sessions where id = p_session_id) then
    raise exception 'You are not part of this session.' using errcode = '42501';
  end if;
  raise exception 'There is no such session.' using errcode = 'P0002';
end $$;

-- The identity of this database's history: it differs after a restore or a failover.
create or replace function consultation_private.epoch()
returns text language plpgsql stable security definer set search_path = '' as $$
declare
  result text;
begin
  select m.epoch::text into result from public.consultation_meta m;
  begin
    -- The first eight digits of a write-ahead file's name are the timeline.
    result := result || '.' || left(pg_walfile_name(pg_current_wal_lsn()), 8);
    result := result || '.' || (select system_identifier from pg_control_system());
  exception when others then
    null; -- not readable here: the epoch row alone must do
  end;
  return result;
end $$;

create or replace function public.consultation_status()
returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  me constant uuid := consultation_private.signed_in();
begin
  return (
    select jsonb_build_object(
      'schema_version', meta.schema_version,
      'min_client', meta.min_client,
      'epoch', consultation_private.epoch(),
      'server_time', clock_timestamp(),
      'user_id', me,
      'person', (
        select jsonb_build_object('id', p.id, 'full_name', p.full_name, 'role', p.role, 'date_of_birth', p.date_of_birth)
        from consultation_private.person_map p where p.id = me limit 1),
      'settings', (
        select jsonb_build_object('clinic_name', s.clinic_name, 'clinic_phone', s.clinic_phone,
          'emergency_number', s.emergency_number, 'patient_page_url', s.patient_page_url)
        from public.consultation_settings s))
    from public.consultation_meta meta
  );
end $$;

create or replace function public.start_consultation(p_appointment_id uuid, p_patient_id uuid, p_doctor_id uuid, p_consultation_type text)
returns public.consultation_sessions language plpgsql security definer set search_path = '' as $$
declare
  me constant uuid := consultation_private.signed_in();
  booked record;
  session public.consultation_sessions;
begin
  if p_consultation_type is null or p_consultation_type not in ('video', 'audio', 'chat') then
    raise exception 'A consultation is video, audio or chat.' using errcode = '22023';
  end if;
  select a.patient_id, a.doctor_id into booked
  from consultation_private.appointment_map a where a.id = p_appointment_id;
  if not found then
    raise exception 'There is no such appointment.' using errcode = 'P0002';
  end if;
  if me is distinct from booked.patient_id and me is distinct from booked.doctor_id then
    raise exception 'You are not part of this appointment.' using errcode = '42501';
  end if;
  if (p_patient_id, p_doctor_id) is distinct from (booked.patient_id, booked.doctor_id) then
    raise exception 'The session does not match its appointment.' using errcode = 'CR001';
  end if;
  loop
    select * into session from public.consultation_sessions s
    where s.appointment_id = p_appointment_id and s.status <> 'ended';
    if found then
      -- The appointment has passed to another patient, or to a doctor who was never in this session:
      -- what was said stays with those who were, and the new side begins anew.
      if session.patient_id is distinct from booked.patient_id
         or (session.doctor_id is distinct from booked.doctor_id and not exists (
           select from public.consultation_access a where a.session_id = session.id and a.user_id = me))
      then
        update public.consultation_sessions set status = 'ended' where id = session.id and status <> 'ended';
        continue;
      end if;
      perform consultation_private.my_role_in(session.id);
      return session;
    end if;
    insert into public.consultation_sessions (appointment_id, patient_id, doctor_id, consultation_type, status)
    values (p_appointment_id, booked.patient_id, booked.doctor_id, p_consultation_type,
      consultation_private.first_status(me = booked.patient_id))
    on conflict (appointment_id) where status <> 'ended' do nothing
    returning * into session;
    if found then
      return session;
    end if;
    -- The other side was faster: its session is found in the next round.
  end loop;
end $$;

-- Runs with the caller's rights: policies and guards decide.
create or replace function public.set_session_status(p_session_id uuid, p_status text)
returns public.consultation_sessions language plpgsql set search_path = '' as $$
declare
  session public.consultation_sessions;
begin
  if p_status is null or p_status not in ('active', 'paused') then
    raise exception 'A session can be set to active or paused.' using errcode = '22023';
  end if;
  perform consultation_private.my_role_in(p_session_id);
  update public.consultation_sessions set status = p_status where id = p_session_id returning * into session;
  return session;
end $$;

create or replace function public.touch_session(p_session_id uuid)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  session public.consultation_sessions;
begin
  perform consultation_private.my_role_in(p_session_id);
  update public.consultation_sessions
  set duration_seconds = duration_seconds + consultation_private.seconds_since(touched_at),
      -- The part of a second that was not counted is kept for the next beat.
      touched_at = greatest(
        touched_at + make_interval(secs => consultation_private.seconds_since(touched_at)),
        clock_timestamp() - interval '1 second')
  where id = p_session_id and status = 'active' and touched_at <= clock_timestamp() - interval '1 second'
  returning * into session;
  if not found then
    select * into session from public.consultation_sessions where id = p_session_id;
  end if;
  return jsonb_build_object('duration_seconds', session.duration_seconds, 'status', session.status);
end $$;

create or replace function public.end_consultation(p_session_id uuid, p_duration_seconds int, p_notes text default null)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  session public.consultation_sessions;
  counted int;
  possible int;
  signed boolean;
begin
  if consultation_private.my_role_in(p_session_id) <> 'doctor' then
    raise exception 'Only the doctor ends a session.' using errcode = '42501';
  end if;
  if p_duration_seconds < 0 or char_length(p_notes) > 100000 then
    raise exception 'The duration is not negative and the notes have at most 100,000 characters.' using errcode = '22023';
  end if;
  select * into session from public.consultation_sessions where id = p_session_id for update;
  signed := session.signed_at is not null and p_notes is not null and p_notes is distinct from session.notes;

  if session.status <> 'ended' then
    counted := session.duration_seconds
      + case when session.status = 'active' then consultation_private.seconds_since(session.touched_at) else 0 end;
    possible := floor(extract(epoch from clock_timestamp() - session.started_at))::int - session.paused_seconds
      - case when session.status = 'paused' then extract(epoch from clock_timestamp() - session.paused_at)::int else 0 end;
    update public.consultation_sessions
    set status = 'ended',
        duration_seconds = greatest(counted, least(coalesce(p_duration_seconds, 0), possible)),
        notes = case when signed then notes else coalesce(p_notes, notes) end
    where id = p_session_id
    returning * into session;
  elsif not signed and p_notes is not null and p_notes is distinct from session.notes then
    update public.consultation_sessions set notes = p_notes where id = p_session_id returning * into session;
  end if;
  return jsonb_build_object('session', to_jsonb(session), 'fault', case when signed then 'already_signed' end);
end $$;

-- ==== 52-feed.sql ====
-- The feed of a cache. The cursor is a snapshot: what is visible now and was not visible then is
-- exactly what is new, whatever the order in which transactions began and committed.

-- A standby counts an open transaction of its primary as done: a cursor from there would lose rows.
create or replace function consultation_private.refuse_standby()
returns void language plpgsql stable set search_path = '' as $$
begin
  if pg_is_in_recovery() then
    raise exception 'This is a read replica: synchronise with the primary.' using errcode = '25006';
  end if;
end $$;

create or replace function public.sync_snapshot()
returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare
  me constant uuid := consultation_private.signed_in();
begin
  perform consultation_private.refuse_standby();
  -- Time alone makes no row new: access that has run out is revoked here, so that this pass tells of it.
  update public.consultation_access set granted = false
  where user_id = me and granted and expires_at <= now();
  return (
    select jsonb_build_object('snapshot', pg_current_snapshot()::text, 'epoch', consultation_private.epoch(),
      'schema_version', meta.schema_version, 'server_time', clock_timestamp())
    from public.consultation_meta meta
  );
end $$;

-- The columns of each kind, in the order in which the functions below give the values.
create or replace function consultation_private.feed_columns()
returns jsonb language sql immutable set search_path = '' as $$
  select '{
    "session": ["id", "appointment_id", "patient_id", "doctor_id", "consultation_type", "started_at", "ended_at", "duration_seconds", "status", "notes", "created_at", "topic_key", "last_seq", "last_message_at", "signed_at", "deleted_at", "rev"],
    "message": ["id", "session_id", "seq", "sender_id", "sender_role", "sender_kind", "sender_name", "message_type", "content", "file_url", "created_at", "entered_in_error_at", "deleted_at", "rev"],
    "recording": ["id", "session_id", "recording_url", "duration_seconds", "file_size_mb", "created_at", "deleted_at", "rev"],
    "access": ["user_id", "session_id", "role", "granted", "expires_at", "rev"],
    "tombstone": ["entity", "id", "session_id"]
  }'::jsonb
$$;

-- The values of a row. Bodies of this form name things when they are made, and are inlined where they are called.
create or replace function consultation_private.session_values(s public.consultation_sessions)
returns jsonb language sql stable
  return jsonb_build_array(s.id, s.appointment_id, s.patient_id, s.doctor_id, s.consultation_type, s.started_at, s.ended_at,
    s.duration_seconds, s.status, s.notes, s.created_at, s.topic_key, s.last_seq, s.last_message_at, s.signed_at, s.deleted_at, s.rev);
create or replace function consultation_private.message_values(m public.consultation_messages)
returns jsonb language sql stable
  return jsonb_build_array(m.id, m.session_id, m.seq, m.sender_id, m.sender_role, m.sender_kind, m.sender_name, m.message_type,
    m.content, m.file_url, m.created_at, m.entered_in_error_at, m.deleted_at, m.rev);
create or replace function consultation_private.recording_values(r public.consultation_recordings)
returns jsonb language sql stable
  return jsonb_build_array(r.id, r.session_id, r.recording_url, r.duration_seconds, r.file_size_mb, r.created_at, r.deleted_at, r.rev);
create or replace function consultation_private.access_values(a public.consultation_access)
returns jsonb language sql stable
  return jsonb_build_array(a.user_id, a.session_id, a.role, a.granted, a.expires_at, a.rev);
create or replace function consultation_private.tombstone_values(t public.consultation_tombstones)
returns jsonb language sql stable
  return jsonb_build_array(t.entity, t.id, t.session_id);

-- One page of what the caller may see and p_prev did not show, in the order of (sync_xid, id).
-- Rows that tie on both stay on one page. The clinician of a session finds it by doctor_id; whoever
-- else has access finds it by that, and looks only into sessions that changed: a later writer of a
-- session's row waits for the lock of an earlier one, so its stamp is never behind the horizon
-- while a message of its session is not.
create or replace function public.pull_since(p_prev text, p_after_xid text, p_after_id uuid, p_limit int)
returns jsonb language plpgsql stable security definer set search_path = ''
-- Read along the feed's indexes: sorting anew for each page would make a long pull quadratic.
set jit = off set enable_bitmapscan = off set enable_seqscan = off set random_page_cost = 1 as $$
declare
  me constant uuid := consultation_private.signed_in();
  page_size constant int := least(greatest(coalesce(p_limit, 1000), 1), 10000);
  prev constant pg_snapshot := p_prev::pg_snapshot;
  horizon constant xid8 := coalesce(pg_snapshot_xmin(p_prev::pg_snapshot), '0'::xid8);
  after_xid xid8 := coalesce(p_after_xid, '0')::xid8;
  after_id uuid := coalesce(p_after_id, '00000000-0000-0000-0000-000000000000');
  result jsonb;
begin
  perform consultation_private.refuse_standby();
  if pg_snapshot_xmax(prev) > pg_snapshot_xmax(pg_current_snapshot()) then
    raise exception 'The cursor is ahead of this database, which was restored: fetch everything again.' using errcode = 'CR004';
  end if;
  if after_xid < horizon then
    after_xid := ((horizon::text)::bigint - 1)::text::xid8;
    after_id := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
  end if;

  with others as materialized (
    select s.id
    from public.consultation_access a
    join public.consultation_sessions s on s.id = a.session_id and s.sync_xid >= horizon
    where a.user_id = me and not a.owner and a.granted and (a.expires_at is null or a.expires_at > now())
  ), found as (
    (select 'session' as kind, s.sync_xid, s.id, consultation_private.session_values(s) as vals
     from public.consultation_sessions s
     where s.doctor_id = me and (s.sync_xid, s.id) > (after_xid, after_id)
       and (prev is null or not pg_visible_in_snapshot(s.sync_xid, prev))
       and (select a.granted and a.owner and (a.expires_at is null or a.expires_at > now()) from public.consultation_access a where a.user_id = me and a.session_id = s.id)
     order by s.sync_xid, s.id fetch first page_size rows with ties)
    union all
    (select 'session', s.sync_xid, s.id, consultation_private.session_values(s)
     from others join public.consultation_sessions s on s.id = others.id
     where (s.sync_xid, s.id) > (after_xid, after_id)
       and (prev is null or not pg_visible_in_snapshot(s.sync_xid, prev))
     order by s.sync_xid, s.id fetch first page_size rows with ties)
    union all
    (select 'message', m.sync_xid, m.id, consultation_private.message_values(m)
     from public.consultation_messages m
     where m.doctor_id = me and (m.sync_xid, m.id) > (after_xid, after_id)
       and (prev is null or not pg_visible_in_snapshot(m.sync_xid, prev))
       and (select a.granted and a.owner and (a.expires_at is null or a.expires_at > now()) from public.consultation_access a where a.user_id = me and a.session_id = m.session_id)
     order by m.sync_xid, m.id fetch first page_size rows with ties)
    union all
    (select 'message', m.sync_xid, m.id, consultation_private.message_values(m)
     from others join public.consultation_messages m on m.session_id = others.id
     where (m.sync_xid, m.id) > (after_xid, after_id)
       and (prev is null or not pg_visible_in_snapshot(m.sync_xid, prev))
     order by m.sync_xid, m.id fetch first page_size rows with ties)
    union all
    (select 'recording', r.sync_xid, r.id, consultation_private.recording_values(r)
     from public.consultation_recordings r
     where r.doctor_id = me and (r.sync_xid, r.id) > (after_xid, after_id)
       and (prev is null or not pg_visible_in_snapshot(r.sync_xid, prev))
       and (select a.granted and a.owner and (a.expires_at is null or a.expires_at > now()) from public.consultation_access a where a.user_id = me and a.session_id = r.session_id)
     order by r.sync_xid, r.id fetch first page_size rows with ties)
    union all
    (select 'recording', r.sync_xid, r.id, consultation_private.recording_values(r)
     from others join public.consultation_recordings r on r.session_id = others.id
     where (r.sync_xid, r.id) > (after_xid, after_id)
       and (prev is null or not pg_visible_in_snapshot(r.sync_xid, prev))
     order by r.sync_xid, r.id fetch first page_size rows with ties)
    union all
    (select 'access', a.sync_xid, a.session_id, consultation_private.access_values(a)
     from public.consultation_access a
     where a.user_id = me and (a.sync_xid, a.session_id) > (after_xid, after_id)
       and (prev is null or not pg_visible_in_snapshot(a.sync_xid, prev))
     order by a.sync_xid, a.session_id fetch first page_size rows with ties)
    union all
    (select 'tombstone', t.sync_xid, t.id, consultation_private.tombstone_values(t)
     from public.consultation_tombstones t
     where (t.sync_xid, t.id) > (after_xid, after_id)
       and (prev is null or not pg_visible_in_snapshot(t.sync_xid, prev))
       and consultation_private.role_in(t.session_id, me) is not null
     order by t.sync_xid, t.id fetch first page_size rows with ties)
  ), page as (
    select found.* from found order by found.sync_xid, found.id fetch first page_size rows with ties
  )
  select jsonb_build_object(
    'columns', consultation_private.feed_columns(),
    'rows', coalesce(jsonb_agg(jsonb_build_array(kind, sync_xid::text, id, vals) order by sync_xid, id), '[]'),
    'next', case when count(*) >= page_size then
      (select jsonb_build_object('xid', last.sync_xid::text, 'id', last.id) from page last order by last.sync_xid desc, last.id desc limit 1)
    end)
  into result from page;
  return result;
end $$;

-- One page of one session, for the backfill after a grant. The first page brings everything but messages too.
create or replace function public.pull_session(p_session_id uuid, p_after_seq bigint, p_limit int)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  me constant uuid := consultation_private.signed_in();
  page_size constant int := least(greatest(coalesce(p_limit, 1000), 1), 10000);
  after_seq constant bigint := coalesce(p_after_seq, 0);
  beside jsonb := '[]';
  messages jsonb;
  last_seq bigint;
  found_count int;
begin
  perform consultation_private.refuse_standby();
  perform consultation_private.my_role_in(p_session_id);
  if after_seq <= 0 then
    select coalesce(jsonb_agg(jsonb_build_array(kind, sync_xid::text, id, vals)), '[]') into beside from (
      select 'session' as kind, s.sync_xid, s.id, consultation_private.session_values(s) as vals
      from public.consultation_sessions s where s.id = p_session_id
      union all
      select 'access', a.sync_xid, a.session_id, consultation_private.access_values(a)
      from public.consultation_access a where a.session_id = p_session_id and a.user_id = me
      union all
      select 'recording', r.sync_xid, r.id, consultation_private.recording_values(r)
      from public.consultation_recordings r where r.session_id = p_session_id
      union all
      select 'tombstone', t.sync_xid, t.id, consultation_private.tombstone_values(t)
      from public.consultation_tombstones t where t.session_id = p_session_id
    ) all_beside;
  end if;
  select coalesce(jsonb_agg(jsonb_build_array('message', page.sync_xid::text, page.id, page.vals) order by page.seq), '[]'),
         max(page.seq), count(*)
  into messages, last_seq, found_count
  from (
    select m.seq, m.sync_xid, m.id, consultation_private.message_values(m) as vals
    from public.consultation_messages m
    where m.session_id = p_session_id and m.seq > after_seq
    order by m.seq limit page_size
  ) page;
  return jsonb_build_object('columns', consultation_private.feed_columns(), 'rows', beside || messages,
    'next', case when found_count >= page_size then jsonb_build_object('seq', last_seq) end);
end $$;

-- After a logical restore: rows carry transaction ids of another database. Gives every row a stamp
-- of this one and begins a new epoch, so that every cache fetches again.
create or replace function consultation_private.begin_new_epoch()
returns void language plpgsql security definer set search_path = '' as $$
declare
  -- Rules that older rows break: those rows are stamped too, so the rules step aside meanwhile.
  broken constant jsonb := (
    select jsonb_agg(jsonb_build_array(c.conrelid::regclass::text, quote_ident(c.conname), pg_get_constraintdef(c.oid)))
    from pg_catalog.pg_constraint c
    where c.connamespace = 'public'::regnamespace and c.contype in ('c', 'f') and c.conname like 'consultation\_%' and not c.convalidated);
  rule jsonb;
begin
  for rule in select jsonb_array_elements(broken) loop
    execute format('alter table %s drop constraint %s', rule ->> 0, rule ->> 1);
  end loop;
  update public.consultation_meta set epoch = gen_random_uuid();
  update public.consultation_sessions set rev = rev + 1;
  update public.consultation_messages set rev = rev + 1;
  update public.consultation_recordings set rev = rev + 1;
  update public.consultation_access set rev = rev + 1;
  update public.consultation_tombstones set rev = rev + 1;
  for rule in select jsonb_array_elements(broken) loop
    -- The definition says itself that it is not valid yet.
    execute format('alter table %s add constraint %s %s', rule ->> 0, rule ->> 1, rule ->> 2);
  end loop;
end $$;

do $restored$
begin
  if exists (select from public.consultation_sessions where sync_xid > pg_current_xact_id())
     or exists (select from public.consultation_messages where sync_xid > pg_current_xact_id())
     or exists (select from public.consultation_access where sync_xid > pg_current_xact_id()) then
    perform consultation_private.begin_new_epoch();
  end if;
end $restored$;

-- ==== 53-realtime.sql ====
-- Broadcast from the database, on private topics. A broadcast is a hint and a fast path: the feed is the truth.

create or replace function consultation_private.tell_message()
returns trigger language plpgsql security definer set search_path = '' as $$
declare
  topic text;
begin
  -- Realtime asks its policies only once per channel and token: access that has run out is revoked,
  -- and so the key rotated, before anything is said. One that another writer is revoking is passed over.
  update public.consultation_access set granted = false
  where session_id = new.session_id and user_id in (
    select a.user_id from public.consultation_access a
    where a.session_id = new.session_id and a.granted and a.expires_at <= now()
    for update skip locked);
  select 'session:' || s.id || ':' || s.topic_key into topic from public.consultation_sessions s where s.id = new.session_id;
  perform consultation_private.broadcast(topic, 'message', jsonb_build_object(
    'id', new.id, 'session_id', new.session_id, 'seq', new.seq, 'sender_id', new.sender_id, 'sender_role', new.sender_role,
    'sender_kind', new.sender_kind, 'sender_name', new.sender_name, 'message_type', new.message_type,
    'content', new.content, 'file_url', new.file_url, 'created_at', new.created_at, 'rev', new.rev));
  perform consultation_private.hint(new.session_id, 'message', new.sender_id);
  return null;
end $$;

create or replace trigger tell after insert on public.consultation_messages
  for each row execute function consultation_private.tell_message();

create or replace function consultation_private.tell_session()
returns trigger language plpgsql security definer set search_path = '' as $$
begin
  perform consultation_private.broadcast('session:' || new.id || ':' || new.topic_key, 'session', jsonb_build_object(
    'id', new.id, 'appointment_id', new.appointment_id, 'status', new.status, 'started_at', new.started_at,
    'ended_at', new.ended_at, 'duration_seconds', new.duration_seconds, 'last_seq', new.last_seq, 'rev', new.rev));
  perform consultation_private.hint(new.id, 'session');
  return null;
end $$;

-- Named so that it comes after grant_sides: a new session's people are known when it is told.
create or replace trigger tell after insert on public.consultation_sessions
  for each row execute function consultation_private.tell_session();
-- Not for heartbeats, and not for the count of messages, which the message itself tells.
create or replace trigger tell_change after update on public.consultation_sessions
  for each row when (
    (old.status, old.notes, old.ended_at, old.signed_at, old.deleted_at, old.topic_key, old.patient_id, old.doctor_id)
    is distinct from
    (new.status, new.notes, new.ended_at, new.signed_at, new.deleted_at, new.topic_key, new.patient_id, new.doctor_id)
  ) execute function consultation_private.tell_session();

-- The session that a topic names: session:<id>:<topic_key> or typing:<id>:<topic_key>; null if it
-- names none, or carries an old key.
create or replace function consultation_private.session_of_topic(p_topic text)
returns uuid language sql stable security definer set search_path = '' as $$
  select s.id from public.consultation_sessions s
  where s.id = case
      when p_topic ~ '^(session|typing):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[0-9a-f-]{36}$'
      then split_part(p_topic, ':', 2)::uuid
    end
    and s.topic_key::text = split_part(p_topic, ':', 3)
$$;

create or replace function consultation_private.may_hear(p_topic text)
returns boolean language sql stable security definer set search_path = '' as $$
  select p_topic = 'user:' || auth.uid()
    or consultation_private.role_in(consultation_private.session_of_topic(p_topic), auth.uid()) is not null
$$;

-- Participants track presence on the session's topic and tell of their typing on a topic of its
-- own: a client's broadcast could otherwise pass for one of the database's messages.
create or replace function consultation_private.may_broadcast(p_topic text, p_extension text)
returns boolean language sql stable security definer set search_path = '' as $$
  select consultation_private.role_in(consultation_private.session_of_topic(p_topic), auth.uid()) is not null
    and ((p_extension = 'presence' and p_topic like 'session:%') or (p_extension = 'broadcast' and p_topic like 'typing:%'))
$$;

do $realtime$
begin
  drop policy if exists consultation_topics_read on realtime.messages;
  create policy consultation_topics_read on realtime.messages for select to authenticated
    using (extension in ('broadcast', 'presence') and consultation_private.may_hear((select realtime.topic())));
  drop policy if exists consultation_topics_write on realtime.messages;
  create policy consultation_topics_write on realtime.messages for insert to authenticated
    with check (consultation_private.may_broadcast((select realtime.topic()), extension));
exception
  when insufficient_privilege or undefined_table or invalid_schema_name or undefined_function or undefined_column then
    null; -- told by consultation_private.report()
end $realtime$;

-- ==== 54-storage.sql ====
-- Private buckets; everything of a session lies in the folder of its id.

-- The session that an object's name begins with; null if it begins with none, or climbs out of its folder.
create or replace function consultation_private.session_of_object(p_name text)
returns uuid language sql immutable set search_path = '' as $$
  select case
    when p_name ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.' and p_name !~ '/[.][.](/|$)' then split_part(p_name, '/', 1)::uuid
  end
$$;

create or replace function consultation_private.may_read_object(p_name text)
returns boolean language sql stable security definer set search_path = '' as $$
  select consultation_private.role_in(consultation_private.session_of_object(p_name), auth.uid()) is not null
$$;

-- Files: whoever is in the session, while it lives. Recordings: its clinician.
create or replace function consultation_private.may_write_object(p_bucket text, p_name text)
returns boolean language sql stable security definer set search_path = '' as $$
  select case p_bucket
    when 'consultation-files' then my.role is not null and exists (
      select from public.consultation_sessions s where s.id = my.session_id and s.status <> 'ended')
    when 'consultation-recordings' then coalesce(my.role = 'doctor', false)
    else false
  end
  from (
    select o.session_id, consultation_private.role_in(o.session_id, auth.uid()) as role
    from (select consultation_private.session_of_object(p_name) as session_id) o
  ) my
$$;

do $storage$
begin
  insert into storage.buckets as b (id, name, public)
  values ('consultation-files', 'consultation-files', false), ('consultation-recordings', 'consultation-recordings', false)
  on conflict (id) do update set public = false where b.public;
exception
  when insufficient_privilege or undefined_table or invalid_schema_name or undefined_column then
    null; -- told by consultation_private.report()
end $storage$;

do $storage$
begin
  drop policy if exists consultation_objects_read on storage.objects;
  create policy consultation_objects_read on storage.objects for select to authenticated using (
    bucket_id in ('consultation-files', 'consultation-recordings') and consultation_private.may_read_object(name));
  drop policy if exists consultation_objects_insert on storage.objects;
  create policy consultation_objects_insert on storage.objects for insert to authenticated with check (
    bucket_id in ('consultation-files', 'consultation-recordings') and consultation_private.may_write_object(bucket_id, name));
exception
  when insufficient_privilege or undefined_table or invalid_schema_name or undefined_column then
    null; -- told by consultation_private.report()
end $storage$;

-- ==== 60-policies.sql ====
-- Who sees and writes what. Every policy asks consultation_access.

drop policy if exists sessions_read on public.consultation_sessions;
create policy sessions_read on public.consultation_sessions for select to authenticated using (
  exists (
    select from public.consultation_access a
    where a.session_id = consultation_sessions.id and a.user_id = (select auth.uid())
      and a.granted and (a.expires_at is null or a.expires_at > now())
  )
  -- A row of this very statement, for INSERT … RETURNING: its access is written, but not visible to the statement yet.
  or (sync_xid = pg_current_xact_id_if_assigned() and rev = 1 and (select auth.uid()) in (patient_id, doctor_id))
);

drop policy if exists sessions_insert on public.consultation_sessions;
create policy sessions_insert on public.consultation_sessions for insert to authenticated
  with check ((select auth.uid()) in (patient_id, doctor_id));

drop policy if exists sessions_update on public.consultation_sessions;
create policy sessions_update on public.consultation_sessions for update to authenticated using (
  exists (
    select from public.consultation_access a
    where a.session_id = consultation_sessions.id and a.user_id = (select auth.uid())
      and a.granted and (a.expires_at is null or a.expires_at > now())
  )
);

drop policy if exists messages_read on public.consultation_messages;
create policy messages_read on public.consultation_messages for select to authenticated using (
  exists (
    select from public.consultation_access a
    where a.session_id = consultation_messages.session_id and a.user_id = (select auth.uid())
      and a.granted and (a.expires_at is null or a.expires_at > now())
  )
);

drop policy if exists messages_insert on public.consultation_messages;
create policy messages_insert on public.consultation_messages for insert to authenticated with check (
  sender_id = (select auth.uid())
  and message_type in ('text', 'file')
  and exists (
    select from public.consultation_access a
    where a.session_id = consultation_messages.session_id and a.user_id = (select auth.uid())
      and a.granted and (a.expires_at is null or a.expires_at > now())
  )
);

drop policy if exists recordings_read on public.consultation_recordings;
create policy recordings_read on public.consultation_recordings for select to authenticated using (
  exists (
    select from public.consultation_access a
    where a.session_id = consultation_recordings.session_id and a.user_id = (select auth.uid())
      and a.granted and (a.expires_at is null or a.expires_at > now())
  )
);

drop policy if exists recordings_insert on public.consultation_recordings;
create policy recordings_insert on public.consultation_recordings for insert to authenticated with check (
  exists (
    select from public.consultation_access a
    where a.session_id = consultation_recordings.session_id and a.user_id = (select auth.uid())
      and a.role = 'doctor' and a.granted and (a.expires_at is null or a.expires_at > now())
  )
);

drop policy if exists access_read on public.consultation_access;
create policy access_read on public.consultation_access for select to authenticated
  using (user_id = (select auth.uid()));

drop policy if exists notes_read on public.consultation_notes;
create policy notes_read on public.consultation_notes for select to authenticated using (
  exists (
    select from public.consultation_access a
    where a.session_id = consultation_notes.session_id and a.user_id = (select auth.uid())
      and a.role = 'doctor' and a.granted and (a.expires_at is null or a.expires_at > now())
  )
);

drop policy if exists notes_insert on public.consultation_notes;
create policy notes_insert on public.consultation_notes for insert to authenticated with check (
  author_id = (select auth.uid())
  and exists (
    select from public.consultation_access a
    where a.session_id = consultation_notes.session_id and a.user_id = (select auth.uid())
      and a.role = 'doctor' and a.granted and (a.expires_at is null or a.expires_at > now())
  )
);

drop policy if exists notes_update on public.consultation_notes;
create policy notes_update on public.consultation_notes for update to authenticated using (
  author_id = (select auth.uid())
  and exists (
    select from public.consultation_access a
    where a.session_id = consultation_notes.session_id and a.user_id = (select auth.uid())
      and a.role = 'doctor' and a.granted and (a.expires_at is null or a.expires_at > now())
  )
);

drop policy if exists tombstones_read on public.consultation_tombstones;
create policy tombstones_read on public.consultation_tombstones for select to authenticated using (
  exists (
    select from public.consultation_access a
    where a.session_id = consultation_tombstones.session_id and a.user_id = (select auth.uid())
      and a.granted and (a.expires_at is null or a.expires_at > now())
  )
);

-- A token may carry the role without naming a user: it is nobody's, and reads nothing.
drop policy if exists settings_read on public.consultation_settings;
create policy settings_read on public.consultation_settings for select to authenticated
  using ((select auth.uid()) is not null);

drop policy if exists meta_read on public.consultation_meta;
create policy meta_read on public.consultation_meta for select to authenticated
  using ((select auth.uid()) is not null);

-- ==== 61-grants.sql ====
-- Explicit rights: nothing is left to a project's default privileges.

revoke all on
  public.consultation_sessions, public.consultation_messages, public.consultation_recordings,
  public.consultation_access, public.consultation_notes, public.consultation_tombstones,
  public.consultation_settings, public.consultation_meta,
  public.clinic_appointments, public.clinic_people
from public, anon, authenticated;

grant select, insert, update (status, notes) on public.consultation_sessions to authenticated;
grant select, insert on public.consultation_messages, public.consultation_recordings to authenticated;
grant select on
  public.consultation_access, public.consultation_tombstones, public.consultation_settings, public.consultation_meta,
  public.clinic_appointments, public.clinic_people
to authenticated;
grant select, insert, update (content, subjective, objective, assessment, plan) on public.consultation_notes to authenticated;

grant all on
  public.consultation_sessions, public.consultation_messages, public.consultation_recordings,
  public.consultation_access, public.consultation_notes, public.consultation_tombstones,
  public.consultation_settings, public.consultation_meta
to service_role;
grant select on public.clinic_appointments, public.clinic_people to service_role;

revoke all on schema consultation_private from public, anon;
revoke all on all tables in schema consultation_private from public, anon, authenticated, service_role;
revoke execute on all functions in schema consultation_private from public, anon, authenticated;
grant usage on schema consultation_private to authenticated, service_role;

-- Asked by policies and by triggers that run with the caller's rights; the schema is not exposed.
grant execute on function
  consultation_private.role_in(uuid, uuid),
  consultation_private.name_of(uuid),
  consultation_private.is_appointment_of(uuid, uuid, uuid),
  consultation_private.first_status(boolean),
  consultation_private.seconds_since(timestamptz),
  consultation_private.signed_in(),
  consultation_private.my_role_in(uuid),
  consultation_private.may_hear(text),
  consultation_private.may_broadcast(text, text),
  consultation_private.may_read_object(text),
  consultation_private.may_write_object(text, text)
to authenticated, service_role;

revoke execute on function
  public.consultation_status(), public.start_consultation(uuid, uuid, uuid, text),
  public.set_session_status(uuid, text), public.touch_session(uuid), public.end_consultation(uuid, int, text),
  public.sync_snapshot(), public.pull_since(text, text, uuid, int), public.pull_session(uuid, bigint, int)
from public, anon;
grant execute on function
  public.consultation_status(), public.start_consultation(uuid, uuid, uuid, text),
  public.set_session_status(uuid, text), public.touch_session(uuid), public.end_consultation(uuid, int, text),
  public.sync_snapshot(), public.pull_since(text, text, uuid, int), public.pull_session(uuid, bigint, int)
to authenticated;

-- ==== 90-report.sql ====
-- The result table: what is there, and what to do about what is not. It reads the catalogues only,
-- so it can be asked again at any time: select * from consultation_private.report();
create or replace function consultation_private.report()
returns table (item text, state text, todo text) language plpgsql stable set search_path = '' as $$
declare
  ours constant text[] := array[
    'sessions_read', 'sessions_insert', 'sessions_update', 'messages_read', 'messages_insert', 'recordings_read',
    'recordings_insert', 'access_read', 'notes_read', 'notes_insert', 'notes_update', 'tombstones_read', 'settings_read', 'meta_read'];
  tables constant text[] := array[
    'consultation_sessions', 'consultation_messages', 'consultation_recordings', 'consultation_access', 'consultation_notes',
    'consultation_tombstones', 'consultation_settings', 'consultation_meta'];
  found record;
  count_found int;
begin
  return query select 'schema version'::text, m.schema_version::text, 'ok'::text from public.consultation_meta m;

  for found in select unnest(tables) as name loop
    return query
    select 'table ' || found.name,
      case when c.relrowsecurity then 'row security on' else 'row security OFF' end,
      case when c.relrowsecurity then 'ok' else 'Run the script again.' end
    from pg_catalog.pg_class c where c.oid = to_regclass('public.' || found.name);
  end loop;

  select count(*) into count_found from pg_catalog.pg_policies p
  where p.schemaname = 'public' and p.tablename = any (tables) and p.policyname::text = any (ours);
  return query select 'policies'::text, format('%s of %s', count_found, cardinality(ours)),
    case when count_found = cardinality(ours) then 'ok' else 'Run the script again.' end;

  -- Policies are joined by OR: one permissive policy of old opens what the others close.
  for found in
    select p.tablename, p.policyname, p.cmd from pg_catalog.pg_policies p
    where p.schemaname = 'public' and p.tablename = any (tables)
      and p.policyname::text <> all (ours) and p.permissive = 'PERMISSIVE'
    order by 1, 2
  loop
    return query select format('policy "%s" on %s', found.policyname, found.tablename), format('not of this script (%s)', found.cmd),
      format('It may open rows to others. Look at it; to remove it: drop policy %I on public.%I;', found.policyname, found.tablename);
  end loop;

  for found in
    select c.conname, c.conrelid::regclass as relation from pg_catalog.pg_constraint c
    where c.connamespace = 'public'::regnamespace and c.conname like 'consultation\_%' and not c.convalidated
  loop
    return query select format('rule %s', found.conname), format('broken by older rows of %s', found.relation),
      format('New rows obey it. Correct the old ones, then: alter table %s validate constraint %I;', found.relation, found.conname);
  end loop;

  return query select 'appointments'::text,
    'read through consultation_private.appointment_map' ||
      case when obj_description(to_regclass('consultation_private.appointment_map'), 'pg_class') = 'made by the script' then '' else ' (your own view)' end,
    'ok'::text;
  return query select 'people'::text,
    'read through consultation_private.person_map' ||
      case when obj_description(to_regclass('consultation_private.person_map'), 'pg_class') = 'made by the script' then '' else ' (your own view)' end,
    'ok'::text;

  if to_regprocedure('realtime.send(jsonb,text,text,boolean)') is null then
    return query select 'realtime'::text, 'absent'::text,
      'Messages are kept, but the other side sees them late. Switch Realtime on for the project, then run the script again.'::text;
  else
    select count(*) into count_found from pg_catalog.pg_policies p
    where p.schemaname = 'realtime' and p.tablename = 'messages' and p.policyname in ('consultation_topics_read', 'consultation_topics_write');
    return query select 'realtime'::text, format('%s of 2 policies on realtime.messages', count_found),
      case when count_found = 2 then 'ok' else 'The owner of realtime.messages refused them. Run the script as the project''s postgres role.' end;
  end if;

  if to_regclass('storage.objects') is null then
    return query select 'storage'::text, 'absent'::text,
      'Files and recordings cannot be kept. Switch Storage on for the project, then run the script again.'::text;
  else
    execute $q$select count(*) from storage.buckets where id in ('consultation-files', 'consultation-recordings') and not public$q$ into count_found;
    return query select 'buckets'::text, format('%s of 2, private', count_found),
      case when count_found = 2 then 'ok' else 'Make the private buckets consultation-files and consultation-recordings in the dashboard.' end;
    select count(*) into count_found from pg_catalog.pg_policies p
    where p.schemaname = 'storage' and p.tablename = 'objects' and p.policyname in ('consultation_objects_read', 'consultation_objects_insert');
    return query select 'storage'::text, format('%s of 2 policies on storage.objects', count_found),
      case when count_found = 2 then 'ok' else 'The owner of storage.objects refused them. Run the script as the project''s postgres role.' end;
  end if;
end $$;
revoke execute on function consultation_private.report() from public, anon, authenticated;

-- ==== 99-end.sql ====
drop function pg_temp.pick_column(text, text[], text[]);
drop function pg_temp.pick_table(text[]);
notify pgrst, 'reload schema';
commit;

select * from consultation_private.report();
