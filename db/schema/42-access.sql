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
