import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createIndexes, createStore } from "tinybase";
import { createFilePersister } from "tinybase/persisters/persister-file";

const manifest = new URL("node_modules/tinybase/package.json", import.meta.url);

/** TinyBase in memory, kept in a file by its own persister. */
export const peer = {
  name: "TinyBase",
  version: JSON.parse(readFileSync(manifest, "utf8")).version,
  note: "in memory, kept in a JSON file; words by looking at every row; not encrypted",
  async load(folder, { sessions, messages }) {
    const store = createStore();
    store.transaction(() => {
      for (const { id, ...row } of sessions) store.setRow("sessions", id, row);
      for (const { id, ...row } of messages) store.setRow("messages", id, row);
    });
    const persister = createFilePersister(store, join(folder, "tinybase.json"));
    await persister.save();
    await persister.destroy();
  },
  async open(folder) {
    const store = createStore();
    const persister = createFilePersister(store, join(folder, "tinybase.json"));
    await persister.load();
    const indexes = createIndexes(store);
    indexes.setIndexDefinition("bySession", "messages", "sessionId", "seq");
    return {
      list: async () =>
        store
          .getSortedRowIds("sessions", "startedAt", true, 0, 50)
          .map((id) => store.getRow("sessions", id)),
      transcript: async (id) =>
        indexes
          .getSliceRowIds("bySession", id)
          .slice(-200)
          .map((row) => store.getRow("messages", row)),
      search: async (word) => {
        const found = [];
        store.forEachRow("messages", (id) => {
          if (found.length >= 50) return;
          const text = store.getCell("messages", id, "text");
          if (String(text).toLowerCase().includes(word)) found.push(store.getRow("messages", id));
        });
        return found;
      },
      close: () => persister.destroy(),
    };
  },
};
