import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useState, type ReactNode } from "react";
import type { Bridge } from "#shared/contract/bridge.ts";
import { followTopics } from "./follow-topics.ts";

const BridgeContext = createContext<Bridge | null>(null);

/** The bridge that everything inside asks; null outside a provider. */
export const useFoundBridge = (): Bridge | null => useContext(BridgeContext);

/** The bridge that everything inside asks. */
export function useBridge(): Bridge {
  const bridge = useContext(BridgeContext);
  if (!bridge) throw new Error("A BridgeProvider is missing above.");
  return bridge;
}

/**
 * Gives one bridge, and one store of its answers, to everything inside.
 * The store never asks the network whether it may ask: the bridge knows better. Answers stay good
 * until a topic names them, so nothing is asked twice and nothing polls.
 */
export function BridgeProvider({ bridge, children }: { bridge: Bridge; children: ReactNode }) {
  const [client] = useState(createStore);
  useEffect(() => followTopics(bridge, client), [bridge, client]);
  return (
    <BridgeContext value={bridge}>
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
    </BridgeContext>
  );
}

const createStore = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: "always",
        staleTime: Number.POSITIVE_INFINITY,
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
