import type { Migration } from "#db/cache/migrations.ts";

/** Rows of an old layout, and a migration that moves each of them into a new one. */
export const ROWS = 100_000;

export const oldLayout = `
create table notes (id integer primary key, text text not null) strict;
with recursive n (i) as (select 1 union all select i + 1 from n where i < ${ROWS})
insert into notes select i * 3, 'note ' || i from n;
`;

export const steps: readonly Migration[] = [
  oldLayout,
  {
    begin:
      "create table notes_new (id integer primary key, text text not null, size integer not null) strict;",
    rows: { table: "notes", key: "id", atOnce: 2_000 },
    move: `insert into notes_new select id, upper(text), length(text) from notes
           where id > @after and id <= @last`,
    finish: "drop table notes; alter table notes_new rename to notes;",
  },
];
