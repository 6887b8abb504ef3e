import { z } from "zod";
import { fault } from "#shared/contract/fault.ts";
import { describeFault } from "#shared/consultation/describe-fault.ts";
import type { Log } from "#electron/log/log.ts";
import type { Caller, Calls } from "#electron/platform/platform.ts";
import { CALL_CHANNEL, CANCEL_CHANNEL, SUBSCRIBE_CHANNEL } from "./channels.ts";
import { createDispatcher } from "./dispatch.ts";
import type { Handlers } from "./handlers.ts";
import type { TopicDesk } from "./topics.ts";

/** The only origin whose pages are answered. */
export const BUNDLE_ORIGIN = "app://bundle";

const Subscription = z.object({ name: z.string(), on: z.boolean() });

/** True for the main frame of one of the app's own pages. */
export function isOwnPage(caller: Pick<Caller, "frameUrl" | "isMainFrame">): boolean {
  const url = URL.parse(caller.frameUrl);
  // `origin` of a non-special scheme is "null", so the parts are compared.
  return caller.isMainFrame && url !== null && `${url.protocol}//${url.host}` === BUNDLE_ORIGIN;
}

/**
 * Connects the handlers to the pages. Whoever is not the main frame of `app://bundle/` gets `refused`
 * and is never decoded.
 */
export function openBridge(calls: Calls, handlers: Handlers, topics: TopicDesk, log: Log): void {
  const dispatcher = createDispatcher(handlers, log);
  const known = new Set<number>();

  const admit = (caller: Caller): boolean => {
    if (!isOwnPage(caller)) {
      log.write("bridge.refused", { reason: "sender" });
      return false;
    }
    if (!known.has(caller.id)) {
      known.add(caller.id);
      caller.onGone(() => {
        known.delete(caller.id);
        topics.forget(caller.id);
        dispatcher.cancelAll(caller.id);
      });
    }
    return true;
  };

  calls.answer(CALL_CHANNEL, async (caller, value) =>
    admit(caller) ? dispatcher.call(caller.id, value) : fault("refused", describeFault("refused")),
  );
  calls.hear(CANCEL_CHANNEL, (caller, callId) => {
    if (admit(caller)) dispatcher.cancel(caller.id, callId);
  });
  calls.hear(SUBSCRIBE_CHANNEL, (caller, value) => {
    if (!admit(caller)) return;
    const subscription = Subscription.safeParse(value);
    if (!subscription.success) return log.write("bridge.refused", { reason: "shape" });
    const { name, on } = subscription.data;
    if (!on) topics.unsubscribe(caller, name);
    else if (!topics.subscribe(caller, name)) log.write("bridge.refused", { reason: "name" });
  });
}
