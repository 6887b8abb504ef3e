import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const openFile = (folder) => new DatabaseSync(join(folder, "rows.db"));

/** Node's own SQLite with a plain index and FTS5. */
export const peer = {
  name: "node:sqlite with FTS5",
  version: `SQLite ${process.versions.sqlite}`,
  note: "not encrypted",
  async load(folder, { sessions, messages }) {
    const db = openFile(folder);
    db.exec(`pragma journal_mode = wal; pragma synchronous = normal;
      create table sessions (id text primary key, started_at integer, patient text);
      create index by_start on sessions (started_at);
      create table messages (id text primary key, session_id text, seq integer, sender text, text text);
      create index by_session on messages (session_id, seq);
      create virtual table found using fts5 (text, content = 'messages');
      create trigger added after insert on messages begin
        insert into found (rowid, text) values (new.rowid, new.text);
      end;
      begin`);
    const session = db.prepare("insert into sessions values (?, ?, ?)");
    for (const { id, startedAt, patient } of sessions) session.run(id, startedAt, patient);
    const message = db.prepare("insert into messages values (?, ?, ?, ?, ?)");
    for (const { id, sessionId, seq, sender, text } of messages) {
      message.run(id, sessionId, seq, sender, text);
    }
    db.exec("commit; pragma wal_checkpoint(truncate)");
    db.close();
  },
  async open(folder) {
    const db = openFile(folder);
    const list = db.prepare("select * from sessions order by started_at desc limit 50");
    const transcript = db.prepare(
      "select * from messages where session_id = ? order by seq desc limit 200",
    );
    const search = db.prepare(
      `select m.* from found f join messages m on m.rowid = f.rowid
       where found match ? order by f.rowid desc limit 50`,
    );
    return {
      list: async () => list.all(),
      transcript: async (id) => transcript.all(id),
      search: async (word) => search.all(`"${word}"`),
      close: async () => db.close(),
    };
  },
};
