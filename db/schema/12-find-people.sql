-- Finds the clinic's people by the usual names, as the part before does for appointments.
do $find$
declare
  text_types constant text[] := array['text', 'varchar', 'bpchar', 'citext', 'enum'];
  relation text;
  id_column text; name text; first_name text; last_name text; role text; birth text;
  full_name text; missing text[] := '{}';
begin
  if to_regclass('consultation_private.person_map') is not null
     and obj_description(to_regclass('consultation_private.person_map'), 'pg_class') is distinct from 'made by the script' then
    perform set_config('consultation.person_map', 'keep', true);
    return;
  end if;
  relation := pg_temp.pick_table(array['profiles', 'user_profiles', 'people', 'users']);
  if relation is null or (relation = 'public.profiles' and obj_description(relation::regclass, 'pg_class') = 'made by the script') then
    perform set_config('consultation.person_map', 'own', true);
    return;
  end if;

  -- The column that refers to auth.users is the person's id, whatever its name.
  select a.attname into id_column
  from pg_catalog.pg_constraint c
  join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
  where c.conrelid = relation::regclass and c.contype = 'f' and cardinality(c.conkey) = 1
    and c.confrelid = to_regclass('auth.users')
  order by a.attnum limit 1;
  id_column := coalesce(id_column, pg_temp.pick_column(relation, array['user_id', 'auth_id', 'auth_user_id', 'id'], array['uuid']));
  name := pg_temp.pick_column(relation, array['full_name', 'name', 'display_name', 'fullname'], text_types);
  first_name := pg_temp.pick_column(relation, array['first_name', 'given_name', 'firstname'], text_types);
  last_name := pg_temp.pick_column(relation, array['last_name', 'family_name', 'lastname', 'surname'], text_types);
  role := pg_temp.pick_column(relation, array['role', 'user_role', 'user_type', 'account_type', 'type'], text_types);
  birth := pg_temp.pick_column(relation, array['date_of_birth', 'dob', 'birth_date', 'birthdate', 'birthday'], array['date', 'timestamptz', 'timestamp']);

  if id_column is null then missing := missing || 'the id (a column id or user_id of type uuid)'::text; end if;
  if name is null and (first_name is null or last_name is null) then
    missing := missing || 'the name (a column such as full_name, or first_name and last_name)'::text;
  end if;
  if role is null then missing := missing || 'the role (a column such as role)'::text; end if;
  if missing <> '{}' then
    raise exception 'Nothing was changed. In % these columns could not be found: %.', relation, array_to_string(missing, '; ')
      using hint = 'Tell the script where they are: create schema if not exists consultation_private; create view consultation_private.person_map as select … as id, … as full_name, … as role, … as date_of_birth from your table; then run it again. See db/schema/README.md.';
  end if;

  full_name := case
    when name is not null then format('p.%I::text', name)
    else format('nullif(btrim(concat_ws('' '', p.%I, p.%I)), '''')', first_name, last_name)
  end;
  perform set_config('consultation.person_map', format(
    'select p.%I as id, %s as full_name,
       case
         when lower(p.%I::text) in (''doctor'', ''physician'', ''provider'', ''practitioner'', ''clinician'', ''therapist'', ''gp'') then ''doctor''
         when lower(p.%I::text) in (''staff'', ''admin'', ''administrator'', ''receptionist'', ''nurse'', ''manager'') then ''staff''
         else ''patient''
       end as role,
       %s as date_of_birth
     from %s p',
    id_column, full_name, role, role,
    case when birth is null then 'null::date' else format('p.%I::date', birth) end,
    relation), true);
end $find$;
