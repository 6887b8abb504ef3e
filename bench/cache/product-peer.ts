import { readFileSync } from "node:fs";
import { listMessages } from "#electron/cache/messages.ts";
import { searchMessages } from "#electron/cache/search.ts";
import { listSessions } from "#electron/cache/sessions.ts";
import { openForWriting } from "#electron/cache/store.ts";
import { applyPage } from "#electron/cache/feed.ts";
import { SessionId } from "#shared/model/ids.ts";
import { clinicPages, DOCTOR } from "../lib/clinic-rows.ts";
import { readDialogues } from "../lib/dialogues.ts";
import type { Peer } from "../lib/peer.ts";

const KEY = Buffer.alloc(32, 7);
const openStore = (folder: string) => openForWriting({ folder, userId: DOCTOR, key: KEY });
const manifest = new URL("../../package.json", import.meta.url);

/** The product's own store, called in the same thread as its peers are. */
export const peer: Peer = {
  name: "Consulting Room",
  version: (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version,
  note: "SQLCipher, FTS5 with beginnings of words; through its own statements, checks and both files",
  async load(folder, { sessions }) {
    const { store, close } = openStore(folder);
    const { turns } = readDialogues();
    const options = { turns, liveFrom: sessions.length };
    // The same rows again, as the feed would bring them.
    for (const page of clinicPages(0, sessions.length, 2_000, options)) {
      applyPage(store, {
        page,
        snapshot: "1000000:1000000:",
        serverTime: "2026-01-01T00:00:00Z",
      });
    }
    close();
  },
  async open(folder) {
    const { store, close } = openStore(folder);
    return {
      list: async () => listSessions(store, { limit: 50, before: null }).items,
      transcript: async (id) =>
        listMessages(store, { sessionId: SessionId.parse(id), beforeSeq: null, limit: 200 })
          .messages,
      search: async (text) => searchMessages(store, { text, limit: 50 }),
      close: async () => close(),
    };
  },
};
