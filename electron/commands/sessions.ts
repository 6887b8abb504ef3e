import { ok } from "#shared/contract/fault.ts";
import type { CommandHandlers, Publish } from "#electron/bridge/handlers.ts";
import type { UseCache } from "#electron/bridge/use-cache.ts";
import type { Nudge } from "./messages.ts";

/** The end of a session goes into the outbox, behind the messages that wait for it. */
export const sessionCommands = (
  useCache: UseCache,
  publish: Publish,
  nudge: Nudge,
): Pick<CommandHandlers, "session.end"> => ({
  async "session.end"(input) {
    const ended = await useCache(async ({ cache }) => {
      const { session } = await cache.read("sessions.get", { sessionId: input.sessionId });
      await cache.write("end.queue", input);
      return session;
    });
    if (!ended.ok) return ended;
    publish("session.changed", {
      sessionId: input.sessionId,
      appointmentId: ended.value.appointmentId,
    });
    publish("sync.changed", {});
    nudge();
    return ok({});
  },
});
