-- The result table: what is there, and what to do about what is not. It reads the catalogues only,
-- so it can be asked again at any time: select * from consultation_private.report();
create or replace function consultation_private.report()
returns table (item text, state text, todo text) language plpgsql stable set search_path = '' as $$
declare
  ours constant text[] := array[
    'sessions_read', 'sessions_insert', 'sessions_update', 'messages_read', 'messages_insert', 'recordings_read',
    'recordings_insert', 'access_read', 'notes_read', 'notes_insert', 'notes_update', 'tombstones_read', 'settings_read', 'meta_read'];
  tables constant text[] := array[
    'consultation_sessions', 'consultation_messages', 'consultation_recordings', 'consultation_access', 'consultation_notes',
    'consultation_tombstones', 'consultation_settings', 'consultation_meta'];
  found record;
  count_found int;
begin
  return query select 'schema version'::text, m.schema_version::text, 'ok'::text from public.consultation_meta m;

  for found in select unnest(tables) as name loop
    return query
    select 'table ' || found.name,
      case when c.relrowsecurity then 'row security on' else 'row security OFF' end,
      case when c.relrowsecurity then 'ok' else 'Run the script again.' end
    from pg_catalog.pg_class c where c.oid = to_regclass('public.' || found.name);
  end loop;

  select count(*) into count_found from pg_catalog.pg_policies p
  where p.schemaname = 'public' and p.tablename = any (tables) and p.policyname::text = any (ours);
  return query select 'policies'::text, format('%s of %s', count_found, cardinality(ours)),
    case when count_found = cardinality(ours) then 'ok' else 'Run the script again.' end;

  -- Policies are joined by OR: one permissive policy of old opens what the others close.
  for found in
    select p.tablename, p.policyname, p.cmd from pg_catalog.pg_policies p
    where p.schemaname = 'public' and p.tablename = any (tables)
      and p.policyname::text <> all (ours) and p.permissive = 'PERMISSIVE'
    order by 1, 2
  loop
    return query select format('policy "%s" on %s', found.policyname, found.tablename), format('not of this script (%s)', found.cmd),
      format('It may open rows to others. Look at it; to remove it: drop policy %I on public.%I;', found.policyname, found.tablename);
  end loop;

  for found in
    select c.conname, c.conrelid::regclass as relation from pg_catalog.pg_constraint c
    where c.connamespace = 'public'::regnamespace and c.conname like 'consultation\_%' and not c.convalidated
  loop
    return query select format('rule %s', found.conname), format('broken by older rows of %s', found.relation),
      format('New rows obey it. Correct the old ones, then: alter table %s validate constraint %I;', found.relation, found.conname);
  end loop;

  return query select 'appointments'::text,
    'read through consultation_private.appointment_map' ||
      case when obj_description(to_regclass('consultation_private.appointment_map'), 'pg_class') = 'made by the script' then '' else ' (your own view)' end,
    'ok'::text;
  return query select 'people'::text,
    'read through consultation_private.person_map' ||
      case when obj_description(to_regclass('consultation_private.person_map'), 'pg_class') = 'made by the script' then '' else ' (your own view)' end,
    'ok'::text;

  if to_regprocedure('realtime.send(jsonb,text,text,boolean)') is null then
    return query select 'realtime'::text, 'absent'::text,
      'Messages are kept, but the other side sees them late. Switch Realtime on for the project, then run the script again.'::text;
  else
    select count(*) into count_found from pg_catalog.pg_policies p
    where p.schemaname = 'realtime' and p.tablename = 'messages' and p.policyname in ('consultation_topics_read', 'consultation_topics_write');
    return query select 'realtime'::text, format('%s of 2 policies on realtime.messages', count_found),
      case when count_found = 2 then 'ok' else 'The owner of realtime.messages refused them. Run the script as the project''s postgres role.' end;
  end if;

  if to_regclass('storage.objects') is null then
    return query select 'storage'::text, 'absent'::text,
      'Files and recordings cannot be kept. Switch Storage on for the project, then run the script again.'::text;
  else
    execute $q$select count(*) from storage.buckets where id in ('consultation-files', 'consultation-recordings') and not public$q$ into count_found;
    return query select 'buckets'::text, format('%s of 2, private', count_found),
      case when count_found = 2 then 'ok' else 'Make the private buckets consultation-files and consultation-recordings in the dashboard.' end;
    select count(*) into count_found from pg_catalog.pg_policies p
    where p.schemaname = 'storage' and p.tablename = 'objects' and p.policyname in ('consultation_objects_read', 'consultation_objects_insert');
    return query select 'storage'::text, format('%s of 2 policies on storage.objects', count_found),
      case when count_found = 2 then 'ok' else 'The owner of storage.objects refused them. Run the script as the project''s postgres role.' end;
  end if;
end $$;
revoke execute on function consultation_private.report() from public, anon, authenticated;
