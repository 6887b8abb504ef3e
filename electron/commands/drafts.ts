import { ok } from "#shared/contract/fault.ts";
import type { CommandHandlers } from "#electron/bridge/handlers.ts";
import type { UseCache } from "#electron/bridge/use-cache.ts";

/** What is being typed is kept on this machine and goes nowhere. */
export const draftCommands = (useCache: UseCache): Pick<CommandHandlers, "draft.save"> => ({
  async "draft.save"(input) {
    const saved = await useCache(({ cache }) => cache.write("draft.save", input));
    return saved.ok ? ok({}) : saved;
  },
});
