-- Private buckets; everything of a session lies in the folder of its id.

-- The session that an object's name begins with; null if it begins with none, or climbs out of its folder.
create or replace function consultation_private.session_of_object(p_name text)
returns uuid language sql immutable set search_path = '' as $$
  select case
    when p_name ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.' and p_name !~ '/[.][.](/|$)' then split_part(p_name, '/', 1)::uuid
  end
$$;

create or replace function consultation_private.may_read_object(p_name text)
returns boolean language sql stable security definer set search_path = '' as $$
  select consultation_private.role_in(consultation_private.session_of_object(p_name), auth.uid()) is not null
$$;

-- Files: whoever is in the session, while it lives. Recordings: its clinician.
create or replace function consultation_private.may_write_object(p_bucket text, p_name text)
returns boolean language sql stable security definer set search_path = '' as $$
  select case p_bucket
    when 'consultation-files' then my.role is not null and exists (
      select from public.consultation_sessions s where s.id = my.session_id and s.status <> 'ended')
    when 'consultation-recordings' then coalesce(my.role = 'doctor', false)
    else false
  end
  from (
    select o.session_id, consultation_private.role_in(o.session_id, auth.uid()) as role
    from (select consultation_private.session_of_object(p_name) as session_id) o
  ) my
$$;

do $storage$
begin
  insert into storage.buckets as b (id, name, public)
  values ('consultation-files', 'consultation-files', false), ('consultation-recordings', 'consultation-recordings', false)
  on conflict (id) do update set public = false where b.public;
exception
  when insufficient_privilege or undefined_table or invalid_schema_name or undefined_column then
    null; -- told by consultation_private.report()
end $storage$;

do $storage$
begin
  drop policy if exists consultation_objects_read on storage.objects;
  create policy consultation_objects_read on storage.objects for select to authenticated using (
    bucket_id in ('consultation-files', 'consultation-recordings') and consultation_private.may_read_object(name));
  drop policy if exists consultation_objects_insert on storage.objects;
  create policy consultation_objects_insert on storage.objects for insert to authenticated with check (
    bucket_id in ('consultation-files', 'consultation-recordings') and consultation_private.may_write_object(bucket_id, name));
exception
  when insufficient_privilege or undefined_table or invalid_schema_name or undefined_column then
    null; -- told by consultation_private.report()
end $storage$;
