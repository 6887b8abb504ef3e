-- The least of a Supabase project that the script meets: roles, and the schemas auth, realtime and
-- storage with owners of their own. Run as a superuser in an empty database; the script itself is
-- then run as project_owner, which is no superuser, as on hosted projects.
do $roles$
begin
  if to_regrole('anon') is null then
    create role anon nologin;
    create role authenticated nologin;
    create role service_role nologin bypassrls;
    create role platform_owner nologin;
    create role project_owner login nosuperuser createrole bypassrls;
    grant anon, authenticated, service_role to project_owner;
  end if;
end $roles$;

grant all on schema public to project_owner;
grant usage on schema public to anon, authenticated, service_role;
do $grant$ begin execute format('grant all on database %I to project_owner', current_database()); end $grant$;

create schema auth authorization platform_owner;
create schema storage authorization platform_owner;
create schema realtime authorization platform_owner;
grant usage on schema auth, storage, realtime to project_owner, anon, authenticated, service_role;

set role platform_owner;
create table auth.users (id uuid primary key, email text, is_anonymous boolean not null default false);
create function auth.jwt() returns jsonb language sql stable as
  $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb $$;
create function auth.uid() returns uuid language sql stable as
  $$ select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$;
grant all on auth.users to project_owner;

create table storage.buckets (id text primary key, name text not null, public boolean default false);
create table storage.objects (
  id uuid primary key default gen_random_uuid(),
  bucket_id text references storage.buckets (id),
  name text,
  owner uuid
);
alter table storage.buckets enable row level security;
alter table storage.objects enable row level security;
grant all on storage.buckets, storage.objects to project_owner, anon, authenticated, service_role;

create table realtime.messages (
  id uuid not null default gen_random_uuid(),
  topic text not null,
  extension text not null,
  event text,
  payload jsonb,
  private boolean default false,
  inserted_at timestamp not null default now(),
  primary key (id, inserted_at)
);
alter table realtime.messages enable row level security;
grant select, insert, update on realtime.messages to project_owner, anon, authenticated, service_role;
create function realtime.topic() returns text language sql stable as
  $$ select nullif(current_setting('realtime.topic', true), '') $$;
create function realtime.send(payload jsonb, event text, topic text, private boolean default true)
returns void language plpgsql as $$
begin
  perform set_config('realtime.topic', topic, true);
  insert into realtime.messages (payload, event, topic, private, extension)
  values (payload, event, topic, private, 'broadcast');
exception when others then
  raise warning 'WarnSendingBroadcastMessage: %', sqlstate;
end $$;
reset role;
-- On hosted projects the script's role may make policies here through membership of the owner's role.
grant platform_owner to project_owner;
