import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** One file of JSON, read as a whole. */
export const peer = {
  name: "JSON file",
  version: `Node ${process.versions.node}`,
  note: null,
  async load(folder, rows) {
    writeFileSync(join(folder, "rows.json"), JSON.stringify(rows));
  },
  async open(folder) {
    const { sessions, messages } = JSON.parse(readFileSync(join(folder, "rows.json"), "utf8"));
    sessions.sort((a, b) => b.startedAt - a.startedAt);
    const bySession = Map.groupBy(messages, ({ sessionId }) => sessionId);
    return {
      list: async () => sessions.slice(0, 50),
      transcript: async (id) => (bySession.get(id) ?? []).slice(-200),
      search: async (word) =>
        messages.filter(({ text }) => text.toLowerCase().includes(word)).slice(0, 50),
      close: async () => undefined,
    };
  },
};
