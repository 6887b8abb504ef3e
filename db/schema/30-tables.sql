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
