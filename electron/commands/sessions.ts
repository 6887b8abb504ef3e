import { ok, type Result } from "#shared/contract/fault.ts";
import type { SessionId } from "#shared/model/ids.ts";
import type { CommandHandlers, Publish } from "#electron/bridge/handlers.ts";
import type { UseCache } from "#electron/bridge/use-cache.ts";
import type { Nudge } from "./messages.ts";

/** The end of a session goes into the outbox, behind the messages that wait for it. */
export const sessionCommands = (
  useCache: UseCache,
  publish: Publish,
  nudge: Nudge,
): Pick<CommandHandlers, "session.end" | "end.retry" | "end.discard"> => {
  /** Changes an end that waits. Its session may be one that this machine no longer shows. */
  const changeEnd =
    (name: "end.retry" | "end.discard") =>
    async ({ sessionId }: { sessionId: SessionId }): Promise<Result<Record<never, never>>> => {
      const changed = await useCache(async ({ cache }) => {
        await cache.write(name, { sessionId });
        return cache.read("sessions.appointmentOf", { sessionId });
      });
      if (!changed.ok) return changed;
      if (changed.value !== null) {
        publish("session.changed", { sessionId, appointmentId: changed.value });
      }
      publish("sync.changed", {});
      nudge();
      return ok({});
    };
  return {
    "end.retry": changeEnd("end.retry"),
    "end.discard": changeEnd("end.discard"),
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
  };
};
