import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";

const manifest = new URL("node_modules/@electric-sql/pglite/package.json", import.meta.url);
const openFile = (folder) => PGlite.create(join(folder, "pglite"));

/** PostgreSQL in WebAssembly, with an index of words. */
export const peer = {
  name: "PGlite",
  version: JSON.parse(readFileSync(manifest, "utf8")).version,
  note: "not encrypted; words by to_tsvector and GIN",
  async load(folder, { sessions, messages }) {
    const db = await openFile(folder);
    await db.exec(`
      create table sessions (id text primary key, started_at bigint, patient text);
      create index on sessions (started_at);
      create table messages (id text primary key, session_id text, seq int, sender text, text text);
      create index on messages (session_id, seq);
      create index on messages using gin (to_tsvector('simple', text))`);
    await db.query(
      `insert into sessions select e->>'id', (e->>'startedAt')::bigint, e->>'patient'
       from jsonb_array_elements($1::text::jsonb) e`,
      [JSON.stringify(sessions)],
    );
    for (let at = 0; at < messages.length; at += 5_000) {
      await db.query(
        `insert into messages select e->>'id', e->>'sessionId', (e->>'seq')::int, e->>'sender', e->>'text'
         from jsonb_array_elements($1::text::jsonb) e`,
        [JSON.stringify(messages.slice(at, at + 5_000))],
      );
    }
    await db.exec("analyze");
    await db.close();
  },
  async open(folder) {
    const db = await openFile(folder);
    return {
      list: async () =>
        (await db.query("select * from sessions order by started_at desc limit 50")).rows,
      transcript: async (id) =>
        (
          await db.query(
            "select * from messages where session_id = $1 order by seq desc limit 200",
            [id],
          )
        ).rows,
      search: async (word) =>
        (
          await db.query(
            "select * from messages where to_tsvector('simple', text) @@ plainto_tsquery('simple', $1) limit 50",
            [word],
          )
        ).rows,
      close: () => db.close(),
    };
  },
};
