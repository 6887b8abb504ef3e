-- Rules of the columns. On rows older than the script a broken rule is left as it is and told in
-- the result table; new rows must obey at once.
do $rules$
declare rule record;
begin
  for rule in
    select * from (values
      ('consultation_sessions', 'consultation_sessions_type_known', $c$check (consultation_type in ('video', 'audio', 'chat'))$c$),
      ('consultation_sessions', 'consultation_sessions_status_known', $c$check (status in ('active', 'paused', 'ended'))$c$),
      ('consultation_sessions', 'consultation_sessions_end_known', $c$check ((status = 'ended') = (ended_at is not null))$c$),
      ('consultation_sessions', 'consultation_sessions_duration_possible', $c$check (duration_seconds >= 0)$c$),
      ('consultation_sessions', 'consultation_sessions_two_sides', $c$check (patient_id <> doctor_id)$c$),
      ('consultation_sessions', 'consultation_sessions_notes_length', $c$check (char_length(notes) <= 100000)$c$),
      ('consultation_sessions', 'consultation_sessions_complete', $c$check (num_nulls(appointment_id, patient_id, doctor_id, consultation_type, started_at, status, created_at) = 0)$c$),
      ('consultation_messages', 'consultation_messages_complete', $c$check (num_nulls(session_id, sender_role, sender_name, message_type, content, created_at) = 0)$c$),
      ('consultation_messages', 'consultation_messages_role_known', $c$check (sender_role in ('patient', 'doctor'))$c$),
      ('consultation_messages', 'consultation_messages_kind_known', $c$check (sender_kind in ('patient', 'doctor', 'guest', 'system'))$c$),
      ('consultation_messages', 'consultation_messages_type_known', $c$check (message_type in ('text', 'file', 'system'))$c$),
      ('consultation_messages', 'consultation_messages_length', $c$check (char_length(content) <= 10000)$c$),
      ('consultation_messages', 'consultation_messages_not_blank', $c$check (message_type = 'file' or content ~ '\S')$c$),
      ('consultation_messages', 'consultation_messages_session_fkey', 'foreign key (session_id) references public.consultation_sessions (id) on delete cascade'),
      ('consultation_recordings', 'consultation_recordings_session_fkey', 'foreign key (session_id) references public.consultation_sessions (id) on delete cascade'),
      ('consultation_recordings', 'consultation_recordings_size_possible', 'check (file_size_mb >= 0 and duration_seconds >= 0)')
    ) as r (relation, name, definition)
    where not exists (
      select from pg_catalog.pg_constraint c
      where c.conrelid = format('public.%I', r.relation)::regclass
        and (c.conname = r.name
             -- The guide's own foreign key, whatever its name, is enough.
             or (r.definition like 'foreign key%' and c.contype = 'f' and c.confrelid = 'public.consultation_sessions'::regclass))
    )
  loop
    execute format('alter table public.%I add constraint %I %s not valid', rule.relation, rule.name, rule.definition);
    begin
      execute format('alter table public.%I validate constraint %I', rule.relation, rule.name);
    exception when check_violation or foreign_key_violation then
      null; -- told by consultation_private.report()
    end;
  end loop;
end $rules$;

-- The session belongs to an appointment, where the clinic keeps appointments in a table with a key.
do $appointment$
declare
  relation regclass := to_regclass(nullif(current_setting('consultation.appointment_table', true), ''));
  id_column text := current_setting('consultation.appointment_id', true);
begin
  if relation is null
     or exists (
       select from pg_catalog.pg_constraint c
       join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
       where c.conrelid = 'public.consultation_sessions'::regclass and c.contype = 'f' and a.attname = 'appointment_id')
     or not exists (
       select from pg_catalog.pg_index i
       join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
       where i.indrelid = relation and i.indisunique and i.indnkeyatts = 1 and i.indpred is null and a.attname = id_column)
  then
    return;
  end if;
  begin
    execute format(
      'alter table public.consultation_sessions add constraint consultation_sessions_appointment_fkey
       foreign key (appointment_id) references %s (%I) not valid', relation, id_column);
  exception when insufficient_privilege then
    return; -- a table of somebody else's: the guards check the appointment all the same
  end;
  begin
    alter table public.consultation_sessions validate constraint consultation_sessions_appointment_fkey;
  exception when foreign_key_violation then
    null; -- told by consultation_private.report()
  end;
end $appointment$;
