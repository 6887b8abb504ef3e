-- Explicit rights: nothing is left to a project's default privileges.

revoke all on
  public.consultation_sessions, public.consultation_messages, public.consultation_recordings,
  public.consultation_access, public.consultation_notes, public.consultation_tombstones,
  public.consultation_settings, public.consultation_meta,
  public.clinic_appointments, public.clinic_people
from public, anon, authenticated;

grant select, insert, update (status, notes) on public.consultation_sessions to authenticated;
grant select, insert on public.consultation_messages, public.consultation_recordings to authenticated;
grant select on
  public.consultation_access, public.consultation_tombstones, public.consultation_settings, public.consultation_meta,
  public.clinic_appointments, public.clinic_people
to authenticated;
grant select, insert, update (content, subjective, objective, assessment, plan) on public.consultation_notes to authenticated;

grant all on
  public.consultation_sessions, public.consultation_messages, public.consultation_recordings,
  public.consultation_access, public.consultation_notes, public.consultation_tombstones,
  public.consultation_settings, public.consultation_meta
to service_role;
grant select on public.clinic_appointments, public.clinic_people to service_role;

revoke all on schema consultation_private from public, anon;
revoke all on all tables in schema consultation_private from public, anon, authenticated, service_role;
revoke execute on all functions in schema consultation_private from public, anon, authenticated;
grant usage on schema consultation_private to authenticated, service_role;

-- Asked by policies and by triggers that run with the caller's rights; the schema is not exposed.
grant execute on function
  consultation_private.role_in(uuid, uuid),
  consultation_private.name_of(uuid),
  consultation_private.is_appointment_of(uuid, uuid, uuid),
  consultation_private.first_status(boolean),
  consultation_private.seconds_since(timestamptz),
  consultation_private.signed_in(),
  consultation_private.my_role_in(uuid),
  consultation_private.may_hear(text),
  consultation_private.may_broadcast(text, text),
  consultation_private.may_read_object(text),
  consultation_private.may_write_object(text, text)
to authenticated, service_role;

revoke execute on function
  public.consultation_status(), public.start_consultation(uuid, uuid, uuid, text),
  public.set_session_status(uuid, text), public.touch_session(uuid), public.end_consultation(uuid, int, text),
  public.sync_snapshot(), public.pull_since(text, text, uuid, int), public.pull_session(uuid, bigint, int)
from public, anon;
grant execute on function
  public.consultation_status(), public.start_consultation(uuid, uuid, uuid, text),
  public.set_session_status(uuid, text), public.touch_session(uuid), public.end_consultation(uuid, int, text),
  public.sync_snapshot(), public.pull_since(text, text, uuid, int), public.pull_session(uuid, bigint, int)
to authenticated;
