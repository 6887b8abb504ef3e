-- The roles of a hosted project. `supabase_admin` is the superuser that the server itself uses;
-- `postgres`, as which a pasted script runs, is not a superuser (as on hosted).
-- PGlite's first role is called postgres: it is renamed from a second superuser's session,
-- because a session cannot rename its own role.
create role local_bootstrap superuser login;
set session authorization local_bootstrap;
alter role postgres rename to supabase_admin;
set session authorization supabase_admin;
drop role local_bootstrap;

create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;
create role supabase_auth_admin nologin noinherit;
create role supabase_storage_admin nologin noinherit;
create role supabase_realtime_admin nologin noinherit;
create role postgres login createrole createdb replication bypassrls;
grant anon, authenticated, service_role to postgres;
-- Hosted lets postgres make policies on these owners' tables and triggers on auth.users; what else an
-- owner could do is refused by the event triggers of guards.sql.
grant supabase_auth_admin, supabase_storage_admin, supabase_realtime_admin to postgres;
grant pg_read_all_data to postgres;

do $$ begin
  execute format('alter database %I owner to postgres', current_database());
end $$;
alter schema public owner to postgres;
grant usage on schema public to anon, authenticated, service_role;
create schema if not exists extensions;
grant usage on schema extensions to postgres, anon, authenticated, service_role;
