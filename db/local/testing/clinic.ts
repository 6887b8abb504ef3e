/** A small project of a clinic's kind, for suites that need tables, policies and triggers. */
export const CLINIC = `
create table consultations (id uuid primary key default gen_random_uuid(), title text);
create table members (
  consultation_id uuid references consultations on delete cascade,
  user_id uuid references auth.users (id) on delete cascade,
  primary key (consultation_id, user_id)
);
create table messages (
  id bigint generated always as identity primary key,
  consultation_id uuid not null references consultations on delete cascade,
  sender_id uuid not null default auth.uid() references auth.users (id),
  body text not null check (char_length(body) > 0),
  n int default 1,
  created_at timestamptz not null default clock_timestamp()
);
grant select on consultations, members to authenticated;
grant select, insert, update, delete on messages to authenticated;
alter table consultations enable row level security;
alter table members enable row level security;
alter table messages enable row level security;

create function is_member(consultation uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (select from public.members m where m.consultation_id = consultation and m.user_id = auth.uid())
$$;
create policy "members read" on consultations for select to authenticated using (is_member(id));
create policy "own" on members for select to authenticated using (user_id = auth.uid());
create policy "members read" on messages for select to authenticated using (is_member(consultation_id));
create policy "members write" on messages for insert to authenticated
  with check (sender_id = auth.uid() and is_member(consultation_id));
create policy "own update" on messages for update to authenticated using (sender_id = auth.uid());
create policy "own delete" on messages for delete to authenticated using (sender_id = auth.uid());
alter publication supabase_realtime add table messages;

create function tell_room() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  perform realtime.broadcast_changes(
    'consultation:' || coalesce(new.consultation_id, old.consultation_id)::text,
    tg_op, tg_op, tg_table_name, tg_table_schema, new, old);
  return null;
end $$;
create trigger tell_room after insert or update or delete on messages for each row execute function tell_room();

create policy "members listen" on realtime.messages for select to authenticated
  using (realtime.topic() ~ '^consultation:[0-9a-f-]{36}$'
    and public.is_member(split_part(realtime.topic(), ':', 2)::uuid));
create policy "members speak" on realtime.messages for insert to authenticated
  with check (realtime.topic() ~ '^consultation:[0-9a-f-]{36}$'
    and public.is_member(split_part(realtime.topic(), ':', 2)::uuid));
`;

/** SQL that makes a consultation with these members; its id is the row's `id`. */
export function consultationOf(...members: string[]): string {
  const list = members.map((id) => `('${id}'::uuid)`).join(", ");
  return `
    with made as (insert into consultations (title) values ('c') returning id),
    joined as (insert into members select made.id, m.id from made, (values ${list}) m (id))
    select id from made`;
}
