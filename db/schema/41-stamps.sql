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
