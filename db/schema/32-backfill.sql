-- Gives rows that are older than the script what triggers give to new ones. A second run finds nothing to do.

-- The guide's bare tables asked for no status, no type and no time. What is called otherwise was
-- over; what is live must obey the rules, for it will be written to.
update public.consultation_sessions
set status = case when status in ('active', 'paused') then status else 'ended' end,
    consultation_type = case
      when status in ('active', 'paused') and coalesce(consultation_type, '') not in ('video', 'audio', 'chat') then 'chat'
      else consultation_type
    end,
    started_at = coalesce(started_at, created_at, now()),
    created_at = coalesce(created_at, started_at, now())
where status is null or status not in ('active', 'paused', 'ended') or started_at is null or created_at is null
   or (status <> 'ended' and coalesce(consultation_type, '') not in ('video', 'audio', 'chat'));

-- An appointment has one live session: of several, all but the newest are closed at their last sign of life.
with live as (
  select id, row_number() over (partition by appointment_id order by started_at desc nulls last, id desc) as place
  from public.consultation_sessions
  where status <> 'ended' and appointment_id is not null
)
update public.consultation_sessions s
set status = 'ended',
    ended_at = coalesce(s.ended_at, (select max(m.created_at) from public.consultation_messages m where m.session_id = s.id), s.started_at, now())
from live
where live.id = s.id and live.place > 1;

-- An end without a time, or a time without an end.
update public.consultation_sessions
set status = 'ended',
    ended_at = coalesce(ended_at, started_at + make_interval(secs => coalesce(duration_seconds, 0)), created_at, now())
where (status = 'ended') <> (ended_at is not null);

do $backfill$
begin
  if exists (select from public.consultation_messages where seq is null) then
    update public.consultation_messages m
    set seq = n.seq,
        doctor_id = s.doctor_id,
        sender_kind = case
          when m.message_type = 'system' then 'system'
          when m.sender_role in ('patient', 'doctor') then m.sender_role
          when m.sender_id = s.doctor_id then 'doctor'
          when m.sender_id = s.patient_id then 'patient'
          else 'system'
        end,
        created_at = coalesce(m.created_at, s.started_at, now())
    from (
      select id, session_id, row_number() over (partition by session_id order by created_at, id) as seq
      from public.consultation_messages
    ) n left join public.consultation_sessions s on s.id = n.session_id
    where n.id = m.id;

    update public.consultation_sessions s
    set last_seq = n.last_seq, last_message_at = n.last_message_at
    from (
      select session_id, max(seq) as last_seq, max(created_at) as last_message_at
      from public.consultation_messages
      group by session_id
    ) n
    where n.session_id = s.id;
  end if;
end $backfill$;

update public.consultation_sessions
set topic_key = coalesce(topic_key, gen_random_uuid()),
    touched_at = coalesce(touched_at, ended_at, now()),
    duration_seconds = coalesce(duration_seconds, 0)
where topic_key is null or touched_at is null or duration_seconds is null;

update public.consultation_recordings r
set doctor_id = s.doctor_id
from public.consultation_sessions s
where s.id = r.session_id and r.doctor_id is null and s.doctor_id is not null;

insert into public.consultation_access (user_id, session_id, role, owner)
select s.doctor_id, s.id, 'doctor', true from public.consultation_sessions s where s.doctor_id is not null
union all
select s.patient_id, s.id, 'patient', false from public.consultation_sessions s
where s.patient_id is not null and s.patient_id is distinct from s.doctor_id
on conflict (user_id, session_id) do nothing;

alter table public.consultation_messages
  alter column seq set not null,
  alter column sender_kind set not null;
alter table public.consultation_sessions
  alter column topic_key set not null,
  alter column topic_key set default gen_random_uuid();
