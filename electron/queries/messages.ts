import type { QueryHandlers } from "#electron/bridge/handlers.ts";
import type { UseCache } from "#electron/bridge/use-cache.ts";

type Names = "messages.list" | "drafts.get" | "outbox.list" | "cache.stats";

/** Transcripts, with what waits in the outbox; what is being typed; and all that is only here. */
export const messageQueries = (useCache: UseCache): Pick<QueryHandlers, Names> => ({
  "messages.list": (input, { signal }) =>
    useCache(({ cache }) => cache.read("messages.list", input, signal)),
  "drafts.get": (input, { signal }) =>
    useCache(({ cache }) => cache.read("drafts.get", input, signal)),
  "cache.stats": (input, { signal }) =>
    useCache(({ cache }) => cache.read("cache.stats", input, signal)),
  "outbox.list": (input, { signal }) =>
    useCache(({ cache }) => cache.read("outbox.list", input, signal)),
});
