-- Finds the clinic's appointments by the usual names, and keeps the text of the mapping view
-- for the part that makes it. A view that the clinic has written itself is taken as it is.
do $find$
declare
  text_types constant text[] := array['text', 'varchar', 'bpchar', 'citext', 'enum'];
  relation text;
  id_column text; patient text; doctor text; starts text; day text; clock text;
  ends text; minutes text; kind text; state text; reason text;
  starts_at text; duration text; missing text[] := '{}'; target text;
begin
  if to_regclass('consultation_private.appointment_map') is not null
     and obj_description(to_regclass('consultation_private.appointment_map'), 'pg_class') is distinct from 'made by the script' then
    perform set_config('consultation.appointment_map', 'keep', true);
    return;
  end if;
  relation := pg_temp.pick_table(array['appointments', 'appointment', 'bookings']);
  if relation is null or (relation = 'public.appointments' and obj_description(relation::regclass, 'pg_class') = 'made by the script') then
    perform set_config('consultation.appointment_map', 'own', true);
    return;
  end if;

  id_column := pg_temp.pick_column(relation, array['id', 'appointment_id', 'uuid'], array['uuid']);
  patient := pg_temp.pick_column(relation, array['patient_id', 'patient_user_id', 'patient_uuid', 'patient', 'client_id', 'customer_id', 'user_id'], array['uuid']);
  doctor := pg_temp.pick_column(relation, array['doctor_id', 'doctor_user_id', 'doctor_uuid', 'doctor', 'provider_id', 'practitioner_id', 'clinician_id', 'physician_id', 'therapist_id'], array['uuid']);
  starts := pg_temp.pick_column(relation, array['starts_at', 'start_at', 'start_time', 'scheduled_at', 'scheduled_for', 'scheduled_start', 'appointment_at', 'appointment_time', 'appointment_date', 'appointment_datetime', 'date_time', 'datetime', 'start', 'date'], array['timestamptz', 'timestamp']);
  day := pg_temp.pick_column(relation, array['appointment_date', 'scheduled_date', 'start_date', 'booking_date', 'date', 'day'], array['date']);
  clock := pg_temp.pick_column(relation, array['appointment_time', 'scheduled_time', 'start_time', 'booking_time', 'starts_at', 'time'], array['time', 'timetz']);
  ends := pg_temp.pick_column(relation, array['ends_at', 'end_at', 'end_time', 'scheduled_end'], array['timestamptz', 'timestamp']);
  minutes := pg_temp.pick_column(relation, array['duration_minutes', 'duration_mins', 'duration_min', 'length_minutes', 'slot_minutes', 'duration'], array['int2', 'int4', 'int8']);
  kind := pg_temp.pick_column(relation, array['consultation_type', 'appointment_type', 'type', 'mode', 'kind', 'visit_type'], text_types);
  state := pg_temp.pick_column(relation, array['status', 'state', 'appointment_status'], text_types);
  reason := pg_temp.pick_column(relation, array['reason', 'reason_for_visit', 'chief_complaint', 'title', 'subject', 'description'], text_types);

  if id_column is null then missing := missing || 'the id (a column id of type uuid)'::text; end if;
  if patient is null then missing := missing || 'the patient (a column such as patient_id of type uuid)'::text; end if;
  if doctor is null then missing := missing || 'the doctor (a column such as doctor_id of type uuid)'::text; end if;
  if starts is null and (day is null or clock is null) then
    missing := missing || 'the start (a column such as starts_at of type timestamptz, or a date and a time)'::text;
  end if;
  if missing <> '{}' then
    raise exception 'Nothing was changed. In % these columns could not be found: %.', relation, array_to_string(missing, '; ')
      using hint = 'Tell the script where they are: create schema if not exists consultation_private; create view consultation_private.appointment_map as select … as id, … as patient_id, … as doctor_id, … as starts_at, … as duration_minutes, … as appointment_type, … as status, … as reason from your table; then run it again. See db/schema/README.md.';
  end if;

  -- patient_id and doctor_id must be users: a key into another table, such as doctors, is not.
  for target in
    select format('%s.%s refers to %s', relation, a.attname, c.confrelid::regclass)
    from pg_catalog.pg_constraint c
    join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.conrelid = relation::regclass and c.contype = 'f' and cardinality(c.conkey) = 1
      and a.attname in (patient, doctor)
      and c.confrelid is distinct from to_regclass('auth.users')
      and c.confrelid is distinct from to_regclass(pg_temp.pick_table(array['profiles', 'user_profiles', 'people', 'users']))
  loop
    raise exception 'Nothing was changed. %, which is not the table of users, so the script cannot know who may open a consultation.', target
      using hint = 'Write the view consultation_private.appointment_map yourself, with the ids of auth.users as patient_id and doctor_id, and run the script again. See db/schema/README.md.';
  end loop;

  starts_at := case
    when starts is null then format('((a.%I + a.%I) at time zone ''UTC'')', day, clock)
    when pg_temp.pick_column(relation, array[starts], array['timestamp']) is not null then format('(a.%I at time zone ''UTC'')', starts)
    else format('a.%I', starts)
  end;
  duration := case
    when minutes is not null then format('a.%I::int', minutes)
    when ends is not null then format(
      case when pg_temp.pick_column(relation, array[ends], array['timestamp']) is null
        then '(extract(epoch from a.%I - %s) / 60)::int' else '(extract(epoch from (a.%I at time zone ''UTC'') - %s) / 60)::int' end,
      ends, starts_at)
    else 'null::int'
  end;
  perform set_config('consultation.appointment_table', relation, true);
  perform set_config('consultation.appointment_id', id_column, true);
  perform set_config('consultation.appointment_map', format(
    'select a.%I as id, a.%I as patient_id, a.%I as doctor_id, %s as starts_at, %s as duration_minutes,
       case lower(%s)
         when ''video'' then ''video'' when ''audio'' then ''audio'' when ''chat'' then ''chat''
         when ''phone'' then ''audio'' when ''telephone'' then ''audio'' when ''call'' then ''audio'' when ''voice'' then ''audio''
         when ''online'' then ''video'' when ''virtual'' then ''video'' when ''telehealth'' then ''video''
         else ''chat''
       end as appointment_type,
       %s as status, %s as reason
     from %s a',
    id_column, patient, doctor, starts_at, duration,
    case when kind is null then 'null::text' else format('a.%I::text', kind) end,
    case when state is null then 'null::text' else format('a.%I::text', state) end,
    case when reason is null then 'null::text' else format('a.%I::text', reason) end,
    relation), true);
end $find$;
