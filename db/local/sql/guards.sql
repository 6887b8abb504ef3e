-- What hosted refuses to a pasted script: anything but policies (and triggers on auth.users) in
-- the schemas that belong to Supabase.
create schema if not exists _local;
create or replace function _local.refuse_foreign_ddl() returns event_trigger language plpgsql as $$
declare command record;
begin
  if session_user <> 'postgres' then return; end if;
  for command in select * from pg_event_trigger_ddl_commands() loop
    if command.object_type = 'policy' or command.command_tag in ('GRANT', 'REVOKE') then continue; end if;
    if command.object_type = 'trigger' and command.object_identity ~ ' on auth\.' then continue; end if;
    if command.schema_name in ('auth', 'storage', 'realtime')
       or command.object_identity ~ ' on (auth|storage|realtime)\.'
       or (command.object_type = 'schema' and command.object_identity in ('auth', 'storage', 'realtime')) then
      raise exception 'must be owner of %', command.object_identity using errcode = '42501';
    end if;
  end loop;
end $$;
create or replace function _local.refuse_foreign_drop() returns event_trigger language plpgsql as $$
declare dropped record;
begin
  if session_user <> 'postgres' then return; end if;
  for dropped in select * from pg_event_trigger_dropped_objects() loop
    if dropped.object_type = 'policy' or not dropped.original then continue; end if;
    if dropped.object_type = 'trigger' and dropped.object_identity ~ ' on auth\.' then continue; end if;
    if dropped.schema_name in ('auth', 'storage', 'realtime')
       or dropped.object_identity ~ ' on (auth|storage|realtime)\.'
       or (dropped.object_type = 'schema' and dropped.object_name in ('auth', 'storage', 'realtime')) then
      raise exception 'must be owner of %', dropped.object_identity using errcode = '42501';
    end if;
  end loop;
end $$;
-- Hosted tells PostgREST of every change of the schema.
create or replace function _local.tell_rest() returns event_trigger language plpgsql as $$
begin perform pg_notify('pgrst', 'reload schema'); end $$;

drop event trigger if exists local_refuse_ddl;
drop event trigger if exists local_refuse_drop;
drop event trigger if exists local_tell_rest;
drop event trigger if exists local_tell_rest_drop;
create event trigger local_refuse_ddl on ddl_command_end execute function _local.refuse_foreign_ddl();
create event trigger local_refuse_drop on sql_drop execute function _local.refuse_foreign_drop();
create event trigger local_tell_rest on ddl_command_end execute function _local.tell_rest();
create event trigger local_tell_rest_drop on sql_drop execute function _local.tell_rest();
