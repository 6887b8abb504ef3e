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
