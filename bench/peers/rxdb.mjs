import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRxDatabase } from "rxdb";
import { getRxStorageMemory } from "rxdb/plugins/storage-memory";

const manifest = new URL("node_modules/rxdb/package.json", import.meta.url);
const text = { type: "string", maxLength: 100 };
const number = (maximum) => ({ type: "number", minimum: 0, maximum, multipleOf: 1 });

const schemas = {
  sessions: {
    schema: {
      version: 0,
      primaryKey: "id",
      type: "object",
      properties: { id: text, startedAt: number(1e14), patient: text },
      required: ["id", "startedAt", "patient"],
      indexes: ["startedAt"],
    },
  },
  messages: {
    schema: {
      version: 0,
      primaryKey: "id",
      type: "object",
      properties: {
        id: text,
        sessionId: text,
        seq: number(1e6),
        sender: text,
        text: { type: "string" },
      },
      required: ["id", "sessionId", "seq", "sender", "text"],
      indexes: [["sessionId", "seq"]],
    },
  },
};

/** RxDB on its memory storage, the one of its free storages that runs in Node without a server. */
export const peer = {
  name: "RxDB",
  version: JSON.parse(readFileSync(manifest, "utf8")).version,
  note: "memory storage, filled from a JSON file at every start; words by a regular expression; not encrypted",
  async load(folder, rows) {
    writeFileSync(join(folder, "rxdb.json"), JSON.stringify(rows));
  },
  async open(folder) {
    const { sessions, messages } = JSON.parse(readFileSync(join(folder, "rxdb.json"), "utf8"));
    const db = await createRxDatabase({ name: "rows", storage: getRxStorageMemory() });
    await db.addCollections(schemas);
    await db.sessions.bulkInsert(sessions);
    for (let at = 0; at < messages.length; at += 10_000) {
      await db.messages.bulkInsert(messages.slice(at, at + 10_000));
    }
    return {
      list: () => db.sessions.find({ sort: [{ startedAt: "desc" }], limit: 50 }).exec(),
      transcript: (id) =>
        db.messages
          .find({ selector: { sessionId: id }, sort: [{ seq: "desc" }], limit: 200 })
          .exec(),
      search: (word) =>
        db.messages.find({ selector: { text: { $regex: word, $options: "i" } }, limit: 50 }).exec(),
      close: () => db.close(),
    };
  },
};
