-- Looks before it touches: stops, and names what is missing, before anything is changed.

-- The first of the wanted columns that a table has, with one of the wanted types; null if none.
create or replace function pg_temp.pick_column(relation text, wanted text[], types text[])
returns text language sql stable as $$
  select a.attname::text
  from unnest(wanted) with ordinality as w (name, place)
  join pg_catalog.pg_attribute a
    on a.attrelid = to_regclass(relation) and a.attname = w.name and a.attnum > 0 and not a.attisdropped
  join pg_catalog.pg_type t on t.oid = a.atttypid
  where t.typname = any (types) or ('enum' = any (types) and t.typtype = 'e')
  order by w.place
  limit 1
$$;

-- The first of the wanted tables or views of schema public; null if none.
create or replace function pg_temp.pick_table(wanted text[])
returns text language sql stable as $$
  select 'public.' || quote_ident(w.name)
  from unnest(wanted) with ordinality as w (name, place)
  where to_regclass('public.' || quote_ident(w.name)) is not null
  order by w.place
  limit 1
$$;

do $preflight$
declare
  text_types constant text[] := array['text', 'varchar'];
  missing text[] := '{}';
  needed record;
begin
  if to_regprocedure('auth.uid()') is null or to_regprocedure('auth.jwt()') is null then
    raise exception 'This is not a Supabase project: the functions auth.uid() and auth.jwt() are missing. Nothing was changed.';
  end if;
  for needed in select unnest(array['anon', 'authenticated', 'service_role']) as role loop
    if to_regrole(needed.role) is null then
      raise exception 'This is not a Supabase project: the role % is missing. Nothing was changed.', needed.role;
    end if;
  end loop;

  -- The guide's three tables, where they exist already, must have the guide's columns.
  for needed in
    select * from (values
      ('consultation_sessions', 'id', array['uuid']),
      ('consultation_sessions', 'appointment_id', array['uuid']),
      ('consultation_sessions', 'patient_id', array['uuid']),
      ('consultation_sessions', 'doctor_id', array['uuid']),
      ('consultation_sessions', 'consultation_type', text_types),
      ('consultation_sessions', 'started_at', array['timestamptz']),
      ('consultation_sessions', 'ended_at', array['timestamptz']),
      ('consultation_sessions', 'duration_seconds', array['int4', 'int8']),
      ('consultation_sessions', 'status', text_types),
      ('consultation_sessions', 'notes', text_types),
      ('consultation_sessions', 'created_at', array['timestamptz']),
      ('consultation_messages', 'id', array['uuid']),
      ('consultation_messages', 'session_id', array['uuid']),
      ('consultation_messages', 'sender_id', array['uuid']),
      ('consultation_messages', 'sender_role', text_types),
      ('consultation_messages', 'sender_name', text_types),
      ('consultation_messages', 'message_type', text_types),
      ('consultation_messages', 'content', text_types),
      ('consultation_messages', 'file_url', text_types),
      ('consultation_messages', 'created_at', array['timestamptz']),
      ('consultation_recordings', 'id', array['uuid']),
      ('consultation_recordings', 'session_id', array['uuid']),
      ('consultation_recordings', 'recording_url', text_types),
      ('consultation_recordings', 'duration_seconds', array['int4', 'int8']),
      ('consultation_recordings', 'file_size_mb', array['numeric']),
      ('consultation_recordings', 'created_at', array['timestamptz'])
    ) as guide (relation, name, types)
    where to_regclass('public.' || guide.relation) is not null
  loop
    if pg_temp.pick_column('public.' || needed.relation, array[needed.name], needed.types) is null then
      missing := missing || format('public.%s.%s (%s)', needed.relation, needed.name, array_to_string(needed.types, ' or '));
    end if;
  end loop;
  if missing <> '{}' then
    raise exception 'Nothing was changed. These columns of the consultation tables are missing or have another type: %.', array_to_string(missing, ', ')
      using hint = 'Rename or convert them as in the setup guide, or rename the old tables, and run the script again.';
  end if;
end $preflight$;
