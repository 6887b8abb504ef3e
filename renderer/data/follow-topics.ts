import type { QueryClient } from "@tanstack/react-query";
import type { Bridge } from "#shared/contract/bridge.ts";
import { keys, type StoreKey } from "./query-keys.ts";

/**
 * Marks as old exactly the answers that a topic concerns; those on the screen are asked for again at once.
 * A change of who is signed in forgets all answers of the person before.
 */
export function followTopics(bridge: Bridge, client: QueryClient): () => void {
  const renew = (...names: StoreKey[]) => {
    for (const queryKey of names) void client.invalidateQueries({ queryKey });
  };
  const stops = [
    bridge.subscribe("account.changed", () => {
      renew(keys.account);
      // Whoever signs in next must not see a row of the last one, not even for a frame.
      void client.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.account[0] });
    }),
    bridge.subscribe("sync.changed", () => renew(keys.sync, keys.outbox)),
    bridge.subscribe("appointments.changed", () => {
      renew(keys.appointments, ["appointments.get"]);
    }),
    bridge.subscribe("session.changed", ({ sessionId, appointmentId }) => {
      renew(
        keys.session(sessionId),
        keys.appointmentSessions(appointmentId),
        keys.appointment(appointmentId),
        keys.sessions,
        keys.appointments,
      );
    }),
    bridge.subscribe("messages.changed", ({ sessionId }) => {
      renew(keys.messages(sessionId), keys.outbox);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
