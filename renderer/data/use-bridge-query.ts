import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { Bridge, QueryIn, QueryName, QueryOut } from "#shared/contract/bridge.ts";
import { useBridge } from "./BridgeProvider.tsx";
import { unwrap, type FaultError } from "./fault-error.ts";
import type { StoreKey } from "./query-keys.ts";

let lastCall = 0;

/** Asks the bridge; when the signal fires, the running query is told to stop. */
export async function ask<N extends QueryName>(
  bridge: Bridge,
  name: N,
  input: QueryIn<N>,
  signal: AbortSignal,
): Promise<QueryOut<N>> {
  lastCall += 1;
  const callId = `${name}#${lastCall}`;
  // A signal cannot be cloned across the bridge, so its firing is told by the call's id.
  const stop = () => bridge.cancel(callId);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await unwrap(bridge.query(name, input, callId));
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** One read of the bridge, kept until a topic says that it has changed. */
export function useBridgeQuery<N extends QueryName>(
  name: N,
  input: QueryIn<N>,
  queryKey: StoreKey,
  enabled = true,
): UseQueryResult<QueryOut<N>, FaultError> {
  const bridge = useBridge();
  return useQuery<QueryOut<N>, FaultError>({
    queryKey,
    queryFn: ({ signal }) => ask(bridge, name, input, signal),
    enabled,
  });
}
