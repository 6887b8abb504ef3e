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
