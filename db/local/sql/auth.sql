-- Corrections of the auth schema that @supabase/lite makes, so that it answers as on hosted.
create or replace function auth.uid() returns uuid language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.sub', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
  )::uuid
$$;
create or replace function auth.role() returns text language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.role', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'
  )
$$;
create or replace function auth.email() returns text language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.email', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email'
  )
$$;
-- `on auth.users` triggers and foreign keys are what scripts use; the tables stay with their owner.
grant usage on schema auth to postgres;
grant select, insert, update, delete, references, trigger on all tables in schema auth to postgres;
grant execute on all functions in schema auth to public;
