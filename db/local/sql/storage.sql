-- The storage tables stay with their own admin, and row security decides, as on hosted.
grant usage on schema storage to postgres, anon, authenticated, service_role;
grant all on all tables in schema storage to anon, authenticated, service_role, postgres;
grant execute on all functions in schema storage to public;
alter schema storage owner to supabase_storage_admin;
do $$
declare t record;
begin
  for t in select c.oid::regclass as name from pg_class c
           where c.relnamespace = 'storage'::regnamespace and c.relkind = 'r' loop
    execute format('alter table %s owner to supabase_storage_admin', t.name);
    execute format('alter table %s enable row level security', t.name);
  end loop;
end $$;
