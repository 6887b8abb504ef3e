// Migrations are TypeScript modules that export their SQL, not .sql files: the same import works
// unbuilt in Node (tests, worker threads) and is bundled into the built main, with no loader, no
// generated copy and no path to find at run time.

/**
 * The first layout of cache.db: what is on the server, keyed so that a transcript lies together.
 *
 * - A session has a small local key; a message's rowid is `key << 20 | seq`. Reading order, paging
 *   and the upsert need no index on a random id, which is the real cost of bulk loading.
 * - Times are whole milliseconds since 1970 UTC. Message and sender ids are 16-byte blobs.
 * - `rev` -1 marks rows of a former epoch that wait to be replaced or swept.
 * - The search index holds `fold(content)`, a function that every connection registers; triggers
 *   keep it in the same transaction as the row, and the view makes 'rebuild' exact.
 */
export const sql = `
create table meta (
  name text primary key,
  value text not null
) strict, without rowid;

create table session_keys (
  key integer primary key,
  id text not null unique
) strict;

create table sessions (
  key integer primary key references session_keys (key),
  id text not null unique,
  appointment_id text not null,
  patient_id text not null,
  doctor_id text not null,
  type text not null,
  status text not null,
  started_at integer not null,
  ended_at integer,
  duration_seconds integer not null,
  notes text,
  created_at integer not null,
  last_seq integer not null,
  last_message_at integer,
  topic_key text,
  signed_at integer,
  deleted_at integer,
  rev integer not null
) strict;
create index sessions_by_start on sessions (started_at, id) where deleted_at is null;
create index sessions_by_appointment on sessions (appointment_id, started_at);

create table messages (
  rid integer primary key,
  id blob not null,
  sender_id blob,
  sender_kind text not null,
  sender_name text not null,
  type text not null,
  content text not null,
  file_url text,
  created_at integer not null,
  entered_in_error_at integer,
  deleted_at integer,
  rev integer not null
) strict;

create view message_text as select rid, fold(content) as text from messages;
create virtual table message_index using fts5 (
  text,
  content = 'message_text',
  content_rowid = 'rid',
  prefix = '2 3',
  tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
);
insert into message_index (message_index, rank) values ('secure-delete', 1);
-- Merging later makes bulk loading a quarter cheaper and costs a search microseconds.
insert into message_index (message_index, rank) values ('automerge', 16);

create trigger messages_inserted after insert on messages begin
  insert into message_index (rowid, text) values (new.rid, fold(new.content));
end;
create trigger messages_deleted after delete on messages begin
  insert into message_index (message_index, rowid, text)
    values ('delete', old.rid, fold(old.content));
end;
create trigger messages_changed after update of content on messages
when old.content is not new.content begin
  insert into message_index (message_index, rowid, text)
    values ('delete', old.rid, fold(old.content));
  insert into message_index (rowid, text) values (new.rid, fold(new.content));
end;

create table access (
  session_id text primary key,
  role text not null,
  granted integer not null,
  expires_at integer,
  rev integer not null
) strict, without rowid;

create table backfills (
  session_id text primary key,
  after_seq integer not null
) strict, without rowid;

create table tombstones (
  entity text not null,
  id text not null,
  primary key (entity, id)
) strict, without rowid;

create table appointments (
  id text primary key,
  patient_id text not null,
  doctor_id text not null,
  starts_at integer not null,
  duration_minutes integer,
  type text not null,
  status text,
  reason text
) strict, without rowid;
create index appointments_by_start on appointments (starts_at);

create table people (
  id text primary key,
  name text not null,
  name_folded text not null,
  role text not null,
  date_of_birth text
) strict, without rowid;
`;
