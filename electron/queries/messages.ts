import type { QueryHandlers } from "#electron/bridge/handlers.ts";
import type { UseCache } from "#electron/bridge/use-cache.ts";

type Names = "messages.list" | "drafts.get";

/** Transcripts, with what waits in the outbox, and what is being typed. */
export const messageQueries = (useCache: UseCache): Pick<QueryHandlers, Names> => ({
  "messages.list": (input, { signal }) =>
    useCache(({ cache }) => cache.read("messages.list", input, signal)),
  "drafts.get": (input, { signal }) =>
    useCache(({ cache }) => cache.read("drafts.get", input, signal)),
});
