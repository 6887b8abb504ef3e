/**
 * What realtime has told and no pass has confirmed yet. A broadcast carries no proof, so what it has
 * put into the tables can be taken out again: a pass that began after it either brings the same row,
 * or there is none.
 *
 * `serial` (counted in `meta`) orders what was told, so that a pass knows what had been told when it began.
 */
export const sql = `
create table told_messages (
  rid integer primary key,
  serial integer not null
) strict;

create table told_sessions (
  session_id text primary key,
  serial integer not null,
  rev integer not null,
  status text not null,
  ended_at integer,
  duration_seconds integer not null
) strict, without rowid;
`;
