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
