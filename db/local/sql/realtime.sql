-- The database side of Supabase Realtime: the messages table whose policies govern private
-- channels, send() and broadcast_changes(), and the capture of published tables' changes.
create schema if not exists realtime;
create schema if not exists _realtime;
grant usage on schema realtime to postgres, anon, authenticated, service_role;

create table if not exists realtime.messages (
  id uuid not null default gen_random_uuid(),
  topic text not null,
  extension text not null,
  event text,
  payload jsonb,
  binary_payload bytea,
  private boolean default false,
  inserted_at timestamp not null default now(),
  updated_at timestamp not null default now(),
  primary key (id, inserted_at)
);
create index if not exists messages_inserted_at_topic_index
  on realtime.messages (topic, inserted_at desc) where extension = 'broadcast' and private;
alter table realtime.messages enable row level security;
alter table realtime.messages owner to supabase_realtime_admin;
grant select, insert, update on realtime.messages to postgres, anon, authenticated, service_role;

create or replace function realtime.topic() returns text language sql stable as $$
  select nullif(current_setting('realtime.topic', true), '')
$$;

-- As hosted, it swallows every error: a caller without the right to insert broadcasts nothing
-- and hears nothing of it.
create or replace function realtime.send(payload jsonb, event text, topic text, private boolean default true)
returns void language plpgsql as $$
declare message_id uuid := gen_random_uuid();
begin
  perform set_config('realtime.topic', topic, true);
  insert into realtime.messages (id, payload, event, topic, private, extension)
  values (
    message_id,
    case when payload ? 'id' then payload else payload || jsonb_build_object('id', message_id) end,
    event, topic, private, 'broadcast'
  );
exception when others then
  raise warning 'WarnSendingBroadcastMessage: %', sqlstate;
end $$;

create or replace function realtime.broadcast_changes(
  topic_name text, event_name text, operation text, table_name text, table_schema text,
  new record, old record, level text default 'ROW'
) returns void language plpgsql as $$
begin
  if level = 'STATEMENT' then
    raise exception 'function can only be triggered for each row, not for each statement';
  end if;
  perform realtime.send(
    jsonb_build_object('record', new, 'old_record', old, 'operation', operation,
                       'table', table_name, 'schema', table_schema),
    event_name, topic_name);
end $$;

create or replace function _realtime.on_message() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform pg_notify('_realtime_message', new.id::text);
  return null;
end $$;
create or replace trigger local_on_message after insert on realtime.messages for each row
  when (new.extension = 'broadcast' and new.event is not null
        and (new.payload is not null or new.binary_payload is not null))
  execute function _realtime.on_message();

-- Hosted reads the write-ahead log; here a trigger writes what it would have read.
create table if not exists _realtime.changes (
  id bigint generated always as identity primary key,
  relation oid not null,
  operation text not null,
  record jsonb,
  old_record jsonb,
  changed_at timestamptz not null default clock_timestamp()
);
create or replace function _realtime.capture() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into _realtime.changes (relation, operation, record, old_record) values (
    tg_relid, tg_op,
    case when tg_op <> 'DELETE' then to_jsonb(new) end,
    case when tg_op <> 'INSERT' then to_jsonb(old) end);
  perform pg_notify('_realtime_change', '');
  return null;
end $$;
do $$ begin
  if not exists (select from pg_publication where pubname = 'supabase_realtime') then
    create publication supabase_realtime;
  end if;
end $$;
alter schema realtime owner to supabase_realtime_admin;
alter publication supabase_realtime owner to postgres;
