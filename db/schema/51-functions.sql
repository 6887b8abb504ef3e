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
