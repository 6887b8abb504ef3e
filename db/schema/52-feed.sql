-- The feed of a cache. The cursor is a snapshot: what is visible now and was not visible then is
-- exactly what is new, whatever the order in which transactions began and committed.

-- A standby counts an open transaction of its primary as done: a cursor from there would lose rows.
create or replace function consultation_private.refuse_standby()
returns void language plpgsql stable set search_path = '' as $$
begin
  if pg_is_in_recovery() then
    raise exception 'This is a read replica: synchronise with the primary.' using errcode = '25006';
  end if;
end $$;

create or replace function public.sync_snapshot()
returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare
  me constant uuid := consultation_private.signed_in();
begin
  perform consultation_private.refuse_standby();
  -- Time alone makes no row new: access that has run out is revoked here, so that this pass tells of it.
  update public.consultation_access set granted = false
  where user_id = me and granted and expires_at <= now();
  return (
    select jsonb_build_object('snapshot', pg_current_snapshot()::text, 'epoch', consultation_private.epoch(),
      'schema_version', meta.schema_version, 'server_time', clock_timestamp())
    from public.consultation_meta meta
  );
end $$;

-- The columns of each kind, in the order in which the functions below give the values.
create or replace function consultation_private.feed_columns()
returns jsonb language sql immutable set search_path = '' as $$
  select '{
    "session": ["id", "appointment_id", "patient_id", "doctor_id", "consultation_type", "started_at", "ended_at", "duration_seconds", "status", "notes", "created_at", "topic_key", "last_seq", "last_message_at", "signed_at", "deleted_at", "rev"],
    "message": ["id", "session_id", "seq", "sender_id", "sender_role", "sender_kind", "sender_name", "message_type", "content", "file_url", "created_at", "entered_in_error_at", "deleted_at", "rev"],
    "recording": ["id", "session_id", "recording_url", "duration_seconds", "file_size_mb", "created_at", "deleted_at", "rev"],
    "access": ["user_id", "session_id", "role", "granted", "expires_at", "rev"],
    "tombstone": ["entity", "id", "session_id"]
  }'::jsonb
$$;

-- The values of a row. Bodies of this form name things when they are made, and are inlined where they are called.
create or replace function consultation_private.session_values(s public.consultation_sessions)
returns jsonb language sql stable
  return jsonb_build_array(s.id, s.appointment_id, s.patient_id, s.doctor_id, s.consultation_type, s.started_at, s.ended_at,
    s.duration_seconds, s.status, s.notes, s.created_at, s.topic_key, s.last_seq, s.last_message_at, s.signed_at, s.deleted_at, s.rev);
create or replace function consultation_private.message_values(m public.consultation_messages)
returns jsonb language sql stable
  return jsonb_build_array(m.id, m.session_id, m.seq, m.sender_id, m.sender_role, m.sender_kind, m.sender_name, m.message_type,
    m.content, m.file_url, m.created_at, m.entered_in_error_at, m.deleted_at, m.rev);
create or replace function consultation_private.recording_values(r public.consultation_recordings)
returns jsonb language sql stable
  return jsonb_build_array(r.id, r.session_id, r.recording_url, r.duration_seconds, r.file_size_mb, r.created_at, r.deleted_at, r.rev);
create or replace function consultation_private.access_values(a public.consultation_access)
returns jsonb language sql stable
  return jsonb_build_array(a.user_id, a.session_id, a.role, a.granted, a.expires_at, a.rev);
create or replace function consultation_private.tombstone_values(t public.consultation_tombstones)
returns jsonb language sql stable
  return jsonb_build_array(t.entity, t.id, t.session_id);

-- One page of what the caller may see and p_prev did not show, in the order of (sync_xid, id).
-- Rows that tie on both stay on one page. The clinician of a session finds it by doctor_id; whoever
-- else has access finds it by that, and looks only into sessions that changed: a later writer of a
-- session's row waits for the lock of an earlier one, so its stamp is never behind the horizon
-- while a message of its session is not.
create or replace function public.pull_since(p_prev text, p_after_xid text, p_after_id uuid, p_limit int)
returns jsonb language plpgsql stable security definer set search_path = ''
-- Read along the feed's indexes: sorting anew for each page would make a long pull quadratic.
set jit = off set enable_bitmapscan = off set enable_seqscan = off set random_page_cost = 1 as $$
declare
  me constant uuid := consultation_private.signed_in();
  page_size constant int := least(greatest(coalesce(p_limit, 1000), 1), 10000);
  prev constant pg_snapshot := p_prev::pg_snapshot;
  horizon constant xid8 := coalesce(pg_snapshot_xmin(p_prev::pg_snapshot), '0'::xid8);
  after_xid xid8 := coalesce(p_after_xid, '0')::xid8;
  after_id uuid := coalesce(p_after_id, '00000000-0000-0000-0000-000000000000');
  result jsonb;
begin
  perform consultation_private.refuse_standby();
  if pg_snapshot_xmax(prev) > pg_snapshot_xmax(pg_current_snapshot()) then
    raise exception 'The cursor is ahead of this database, which was restored: fetch everything again.' using errcode = 'CR004';
  end if;
  if after_xid < horizon then
    after_xid := ((horizon::text)::bigint - 1)::text::xid8;
    after_id := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
  end if;

  with others as materialized (
    select s.id
    from public.consultation_access a
    join public.consultation_sessions s on s.id = a.session_id and s.sync_xid >= horizon
    where a.user_id = me and not a.owner and a.granted and (a.expires_at is null or a.expires_at > now())
  ), found as (
    (select 'session' as kind, s.sync_xid, s.id, consultation_private.session_values(s) as vals
     from public.consultation_sessions s
     where s.doctor_id = me and (s.sync_xid, s.id) > (after_xid, after_id)
       and (prev is null or not pg_visible_in_snapshot(s.sync_xid, prev))
       and (select a.granted and a.owner and (a.expires_at is null or a.expires_at > now()) from public.consultation_access a where a.user_id = me and a.session_id = s.id)
     order by s.sync_xid, s.id fetch first page_size rows with ties)
    union all
    (select 'session', s.sync_xid, s.id, consultation_private.session_values(s)
     from others join public.consultation_sessions s on s.id = others.id
     where (s.sync_xid, s.id) > (after_xid, after_id)
       and (prev is null or not pg_visible_in_snapshot(s.sync_xid, prev))
     order by s.sync_xid, s.id fetch first page_size rows with ties)
    union all
    (select 'message', m.sync_xid, m.id, consultation_private.message_values(m)
     from public.consultation_messages m
     where m.doctor_id = me and (m.sync_xid, m.id) > (after_xid, after_id)
       and (prev is null or not pg_visible_in_snapshot(m.sync_xid, prev))
       and (select a.granted and a.owner and (a.expires_at is null or a.expires_at > now()) from public.consultation_access a where a.user_id = me and a.session_id = m.session_id)
     order by m.sync_xid, m.id fetch first page_size rows with ties)
    union all
    (select 'message', m.sync_xid, m.id, consultation_private.message_values(m)
     from others join public.consultation_messages m on m.session_id = others.id
     where (m.sync_xid, m.id) > (after_xid, after_id)
       and (prev is null or not pg_visible_in_snapshot(m.sync_xid, prev))
     order by m.sync_xid, m.id fetch first page_size rows with ties)
    union all
    (select 'recording', r.sync_xid, r.id, consultation_private.recording_values(r)
     from public.consultation_recordings r
     where r.doctor_id = me and (r.sync_xid, r.id) > (after_xid, after_id)
       and (prev is null or not pg_visible_in_snapshot(r.sync_xid, prev))
       and (select a.granted and a.owner and (a.expires_at is null or a.expires_at > now()) from public.consultation_access a where a.user_id = me and a.session_id = r.session_id)
     order by r.sync_xid, r.id fetch first page_size rows with ties)
    union all
    (select 'recording', r.sync_xid, r.id, consultation_private.recording_values(r)
     from others join public.consultation_recordings r on r.session_id = others.id
     where (r.sync_xid, r.id) > (after_xid, after_id)
       and (prev is null or not pg_visible_in_snapshot(r.sync_xid, prev))
     order by r.sync_xid, r.id fetch first page_size rows with ties)
    union all
    (select 'access', a.sync_xid, a.session_id, consultation_private.access_values(a)
     from public.consultation_access a
     where a.user_id = me and (a.sync_xid, a.session_id) > (after_xid, after_id)
       and (prev is null or not pg_visible_in_snapshot(a.sync_xid, prev))
     order by a.sync_xid, a.session_id fetch first page_size rows with ties)
    union all
    (select 'tombstone', t.sync_xid, t.id, consultation_private.tombstone_values(t)
     from public.consultation_tombstones t
     where (t.sync_xid, t.id) > (after_xid, after_id)
       and (prev is null or not pg_visible_in_snapshot(t.sync_xid, prev))
       and consultation_private.role_in(t.session_id, me) is not null
     order by t.sync_xid, t.id fetch first page_size rows with ties)
  ), page as (
    select found.* from found order by found.sync_xid, found.id fetch first page_size rows with ties
  )
  select jsonb_build_object(
    'columns', consultation_private.feed_columns(),
    'rows', coalesce(jsonb_agg(jsonb_build_array(kind, sync_xid::text, id, vals) order by sync_xid, id), '[]'),
    'next', case when count(*) >= page_size then
      (select jsonb_build_object('xid', last.sync_xid::text, 'id', last.id) from page last order by last.sync_xid desc, last.id desc limit 1)
    end)
  into result from page;
  return result;
end $$;

-- One page of one session, for the backfill after a grant. The first page brings everything but messages too.
create or replace function public.pull_session(p_session_id uuid, p_after_seq bigint, p_limit int)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  me constant uuid := consultation_private.signed_in();
  page_size constant int := least(greatest(coalesce(p_limit, 1000), 1), 10000);
  after_seq constant bigint := coalesce(p_after_seq, 0);
  beside jsonb := '[]';
  messages jsonb;
  last_seq bigint;
  found_count int;
begin
  perform consultation_private.refuse_standby();
  perform consultation_private.my_role_in(p_session_id);
  if after_seq <= 0 then
    select coalesce(jsonb_agg(jsonb_build_array(kind, sync_xid::text, id, vals)), '[]') into beside from (
      select 'session' as kind, s.sync_xid, s.id, consultation_private.session_values(s) as vals
      from public.consultation_sessions s where s.id = p_session_id
      union all
      select 'access', a.sync_xid, a.session_id, consultation_private.access_values(a)
      from public.consultation_access a where a.session_id = p_session_id and a.user_id = me
      union all
      select 'recording', r.sync_xid, r.id, consultation_private.recording_values(r)
      from public.consultation_recordings r where r.session_id = p_session_id
      union all
      select 'tombstone', t.sync_xid, t.id, consultation_private.tombstone_values(t)
      from public.consultation_tombstones t where t.session_id = p_session_id
    ) all_beside;
  end if;
  select coalesce(jsonb_agg(jsonb_build_array('message', page.sync_xid::text, page.id, page.vals) order by page.seq), '[]'),
         max(page.seq), count(*)
  into messages, last_seq, found_count
  from (
    select m.seq, m.sync_xid, m.id, consultation_private.message_values(m) as vals
    from public.consultation_messages m
    where m.session_id = p_session_id and m.seq > after_seq
    order by m.seq limit page_size
  ) page;
  return jsonb_build_object('columns', consultation_private.feed_columns(), 'rows', beside || messages,
    'next', case when found_count >= page_size then jsonb_build_object('seq', last_seq) end);
end $$;

-- After a logical restore: rows carry transaction ids of another database. Gives every row a stamp
-- of this one and begins a new epoch, so that every cache fetches again.
create or replace function consultation_private.begin_new_epoch()
returns void language plpgsql security definer set search_path = '' as $$
declare
  -- Rules that older rows break: those rows are stamped too, so the rules step aside meanwhile.
  broken constant jsonb := (
    select jsonb_agg(jsonb_build_array(c.conrelid::regclass::text, quote_ident(c.conname), pg_get_constraintdef(c.oid)))
    from pg_catalog.pg_constraint c
    where c.connamespace = 'public'::regnamespace and c.contype in ('c', 'f') and c.conname like 'consultation\_%' and not c.convalidated);
  rule jsonb;
begin
  for rule in select jsonb_array_elements(broken) loop
    execute format('alter table %s drop constraint %s', rule ->> 0, rule ->> 1);
  end loop;
  update public.consultation_meta set epoch = gen_random_uuid();
  update public.consultation_sessions set rev = rev + 1;
  update public.consultation_messages set rev = rev + 1;
  update public.consultation_recordings set rev = rev + 1;
  update public.consultation_access set rev = rev + 1;
  update public.consultation_tombstones set rev = rev + 1;
  for rule in select jsonb_array_elements(broken) loop
    -- The definition says itself that it is not valid yet.
    execute format('alter table %s add constraint %s %s', rule ->> 0, rule ->> 1, rule ->> 2);
  end loop;
end $$;

do $restored$
begin
  if exists (select from public.consultation_sessions where sync_xid > pg_current_xact_id())
     or exists (select from public.consultation_messages where sync_xid > pg_current_xact_id())
     or exists (select from public.consultation_access where sync_xid > pg_current_xact_id()) then
    perform consultation_private.begin_new_epoch();
  end if;
end $restored$;
