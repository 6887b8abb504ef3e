import { useMutation } from "@tanstack/react-query";
import type { CommandIn } from "#shared/contract/bridge.ts";
import { useBridge } from "./BridgeProvider.tsx";
import { unwrap, type FaultError } from "./fault-error.ts";
import { keys } from "./query-keys.ts";
import { useBridgeQuery } from "./use-bridge-query.ts";

/** Everything that exists only on this machine. */
export const useOutbox = () => useBridgeQuery("outbox.list", {}, keys.outbox);

/** Sends the refused end of a session again. */
export function useRetryEnd() {
  const bridge = useBridge();
  return useMutation<object, FaultError, CommandIn<"end.retry">>({
    mutationFn: (input) => unwrap(bridge.command("end.retry", input)),
  });
}

/** Throws away a refused end, or notes that were never saved. */
export function useDiscardEnd() {
  const bridge = useBridge();
  return useMutation<object, FaultError, CommandIn<"end.discard">>({
    mutationFn: (input) => unwrap(bridge.command("end.discard", input)),
  });
}
