/**
 * The first layout of outbox.db: what this machine's user wrote and the server does not have yet.
 *
 * `position` orders the work; a message that is tried again after a refusal gets a new one.
 * Every row names its author, so that nothing is ever sent as somebody else.
 */
export const sql = `
create table meta (
  name text primary key,
  value text not null
) strict, without rowid;

create table messages (
  position integer primary key autoincrement,
  id text not null unique,
  user_id text not null,
  session_id text not null,
  sender_role text not null check (sender_role in ('doctor', 'patient')),
  sender_name text not null,
  content text not null,
  created_at integer not null,
  state text not null check (state in ('queued', 'sending', 'refused')),
  refusal text
) strict;
create index messages_by_session on messages (session_id, position);

create table session_ends (
  session_id text primary key,
  user_id text not null,
  duration_seconds integer not null,
  notes text,
  ended_at integer not null,
  state text not null check (state in ('queued', 'sending', 'refused')),
  refusal text
) strict, without rowid;

create table drafts (
  session_id text not null,
  field text not null check (field in ('message', 'notes')),
  text text not null,
  primary key (session_id, field)
) strict, without rowid;
`;
