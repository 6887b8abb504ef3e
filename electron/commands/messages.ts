import { ok } from "#shared/contract/fault.ts";
import type { CommandHandlers, Publish } from "#electron/bridge/handlers.ts";
import type { UseCache } from "#electron/bridge/use-cache.ts";

type Names = "message.send" | "message.retry" | "message.discard";

/** What commands tell the sync: something waits in the outbox. */
export type Nudge = () => void;

/** Messages go into the outbox, which is on the disk before the reply; sending is the sync's work. */
export const messageCommands = (
  useCache: UseCache,
  publish: Publish,
  nudge: Nudge,
): Pick<CommandHandlers, Names> => {
  const queued = () => {
    publish("sync.changed", {});
    nudge();
  };
  return {
    async "message.send"(input) {
      const sent = await useCache(({ cache, person }) =>
        cache.write("message.queue", { ...input, senderName: person.name }),
      );
      if (!sent.ok) return sent;
      publish("messages.changed", { sessionId: input.sessionId });
      queued();
      return sent;
    },
    async "message.retry"(input) {
      const again = await useCache(({ cache }) => cache.write("message.retry", input));
      if (!again.ok) return again;
      publish("messages.changed", { sessionId: again.value.sessionId });
      queued();
      return again;
    },
    async "message.discard"(input) {
      const discarded = await useCache(({ cache }) => cache.write("message.discard", input));
      if (!discarded.ok) return discarded;
      publish("messages.changed", { sessionId: discarded.value.sessionId });
      queued();
      return ok({});
    },
  };
};
