-- One index for each question that the product asks.

-- One live session per appointment, whoever starts it and however often.
create unique index if not exists consultation_sessions_one_live
  on public.consultation_sessions (appointment_id) where status <> 'ended';
-- The sessions of an appointment, newest first.
create index if not exists consultation_sessions_appointment_idx
  on public.consultation_sessions (appointment_id, started_at desc);
-- getSessionHistory for either side.
create index if not exists consultation_sessions_doctor_idx
  on public.consultation_sessions (doctor_id, started_at desc);
create index if not exists consultation_sessions_patient_idx
  on public.consultation_sessions (patient_id, started_at desc);
-- The feed of the sessions' clinician.
create index if not exists consultation_sessions_feed_idx
  on public.consultation_sessions (doctor_id, sync_xid, id);

-- A transcript in order; also the last word on gapless numbers.
create unique index if not exists consultation_messages_seq_key
  on public.consultation_messages (session_id, seq);
create index if not exists consultation_messages_feed_idx
  on public.consultation_messages (doctor_id, sync_xid, id);

create index if not exists consultation_recordings_session_idx
  on public.consultation_recordings (session_id, created_at);
create index if not exists consultation_recordings_feed_idx
  on public.consultation_recordings (doctor_id, sync_xid, id);

-- Who is in a session: broadcasts and the people of a session.
create index if not exists consultation_access_session_idx
  on public.consultation_access (session_id);
create index if not exists consultation_access_feed_idx
  on public.consultation_access (user_id, sync_xid, session_id);
-- Sessions that a user sees without being their clinician.
create index if not exists consultation_access_others_idx
  on public.consultation_access (user_id, session_id) where not owner;
create index if not exists consultation_tombstones_feed_idx
  on public.consultation_tombstones (sync_xid, id);
