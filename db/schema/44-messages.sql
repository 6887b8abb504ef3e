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
