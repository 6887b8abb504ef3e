import { QueryClientProvider } from "@tanstack/react-query";
import { createContext, useContext, useEffect, type ReactNode } from "react";
import type { Bridge } from "#shared/contract/bridge.ts";
import { holdStore, storeOf } from "./store-of.ts";

const BridgeContext = createContext<Bridge | null>(null);

/** The bridge of a provider above; null where there is none. */
export const useFoundBridge = (): Bridge | null => useContext(BridgeContext);

/** The bridge that everything inside asks. */
export function useBridge(): Bridge {
  const bridge = useContext(BridgeContext);
  if (!bridge) throw new Error("A BridgeProvider is missing above.");
  return bridge;
}

/** Gives a bridge, and the store of its answers, to everything inside. */
export function BridgeProvider({ bridge, children }: { bridge: Bridge; children: ReactNode }) {
  useEffect(() => holdStore(bridge), [bridge]);
  return (
    <BridgeContext value={bridge}>
      <QueryClientProvider client={storeOf(bridge)}>{children}</QueryClientProvider>
    </BridgeContext>
  );
}
