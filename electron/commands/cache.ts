import { ok } from "#shared/contract/fault.ts";
import type { CommandHandlers } from "#electron/bridge/handlers.ts";
import type { UseCache } from "#electron/bridge/use-cache.ts";

/** How much of the past is kept. The next pass lets leave, or come back, what the limits say. */
export const cacheCommands = (
  useCache: UseCache,
  syncNow: () => void,
): Pick<CommandHandlers, "cache.limit"> => ({
  async "cache.limit"(input) {
    const set = await useCache(({ cache }) => cache.write("cache.limit", input));
    if (!set.ok) return set;
    syncNow();
    return ok({});
  },
});
