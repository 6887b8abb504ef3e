-- Who sees and writes what. Every policy asks consultation_access.

drop policy if exists sessions_read on public.consultation_sessions;
create policy sessions_read on public.consultation_sessions for select to authenticated using (
  exists (
    select from public.consultation_access a
    where a.session_id = consultation_sessions.id and a.user_id = (select auth.uid())
      and a.granted and (a.expires_at is null or a.expires_at > now())
  )
  -- A row of this very statement, for INSERT … RETURNING: its access is written, but not visible to the statement yet.
  or (sync_xid = pg_current_xact_id_if_assigned() and rev = 1 and (select auth.uid()) in (patient_id, doctor_id))
);

drop policy if exists sessions_insert on public.consultation_sessions;
create policy sessions_insert on public.consultation_sessions for insert to authenticated
  with check ((select auth.uid()) in (patient_id, doctor_id));

drop policy if exists sessions_update on public.consultation_sessions;
create policy sessions_update on public.consultation_sessions for update to authenticated using (
  exists (
    select from public.consultation_access a
    where a.session_id = consultation_sessions.id and a.user_id = (select auth.uid())
      and a.granted and (a.expires_at is null or a.expires_at > now())
  )
);

drop policy if exists messages_read on public.consultation_messages;
create policy messages_read on public.consultation_messages for select to authenticated using (
  exists (
    select from public.consultation_access a
    where a.session_id = consultation_messages.session_id and a.user_id = (select auth.uid())
      and a.granted and (a.expires_at is null or a.expires_at > now())
  )
);

drop policy if exists messages_insert on public.consultation_messages;
create policy messages_insert on public.consultation_messages for insert to authenticated with check (
  sender_id = (select auth.uid())
  and message_type in ('text', 'file')
  and exists (
    select from public.consultation_access a
    where a.session_id = consultation_messages.session_id and a.user_id = (select auth.uid())
      and a.granted and (a.expires_at is null or a.expires_at > now())
  )
);

drop policy if exists recordings_read on public.consultation_recordings;
create policy recordings_read on public.consultation_recordings for select to authenticated using (
  exists (
    select from public.consultation_access a
    where a.session_id = consultation_recordings.session_id and a.user_id = (select auth.uid())
      and a.granted and (a.expires_at is null or a.expires_at > now())
  )
);

drop policy if exists recordings_insert on public.consultation_recordings;
create policy recordings_insert on public.consultation_recordings for insert to authenticated with check (
  exists (
    select from public.consultation_access a
    where a.session_id = consultation_recordings.session_id and a.user_id = (select auth.uid())
      and a.role = 'doctor' and a.granted and (a.expires_at is null or a.expires_at > now())
  )
);

drop policy if exists access_read on public.consultation_access;
create policy access_read on public.consultation_access for select to authenticated
  using (user_id = (select auth.uid()));

drop policy if exists notes_read on public.consultation_notes;
create policy notes_read on public.consultation_notes for select to authenticated using (
  exists (
    select from public.consultation_access a
    where a.session_id = consultation_notes.session_id and a.user_id = (select auth.uid())
      and a.role = 'doctor' and a.granted and (a.expires_at is null or a.expires_at > now())
  )
);

drop policy if exists notes_insert on public.consultation_notes;
create policy notes_insert on public.consultation_notes for insert to authenticated with check (
  author_id = (select auth.uid())
  and exists (
    select from public.consultation_access a
    where a.session_id = consultation_notes.session_id and a.user_id = (select auth.uid())
      and a.role = 'doctor' and a.granted and (a.expires_at is null or a.expires_at > now())
  )
);

drop policy if exists notes_update on public.consultation_notes;
create policy notes_update on public.consultation_notes for update to authenticated using (
  author_id = (select auth.uid())
  and exists (
    select from public.consultation_access a
    where a.session_id = consultation_notes.session_id and a.user_id = (select auth.uid())
      and a.role = 'doctor' and a.granted and (a.expires_at is null or a.expires_at > now())
  )
);

drop policy if exists tombstones_read on public.consultation_tombstones;
create policy tombstones_read on public.consultation_tombstones for select to authenticated using (
  exists (
    select from public.consultation_access a
    where a.session_id = consultation_tombstones.session_id and a.user_id = (select auth.uid())
      and a.granted and (a.expires_at is null or a.expires_at > now())
  )
);

-- A token may carry the role without naming a user: it is nobody's, and reads nothing.
drop policy if exists settings_read on public.consultation_settings;
create policy settings_read on public.consultation_settings for select to authenticated
  using ((select auth.uid()) is not null);

drop policy if exists meta_read on public.consultation_meta;
create policy meta_read on public.consultation_meta for select to authenticated
  using ((select auth.uid()) is not null);
