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
