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
