import { useMutation } from "@tanstack/react-query";
import type { RequestIn, RequestName, RequestOut } from "#shared/contract/bridge.ts";
import { useBridge } from "./BridgeProvider.tsx";
import { unwrap, type FaultError } from "./fault-error.ts";
import { keys } from "./query-keys.ts";
import { useBridgeQuery } from "./use-bridge-query.ts";

/** Who is signed in, and whether a clinic's server is set up. */
export const useAccount = () => useBridgeQuery("account.current", {}, keys.account);

/** What the work in the background is doing: connection, queue, "as of". */
export const useSyncState = () => useBridgeQuery("sync.state", {}, keys.sync);

/** One request as a mutation: `mutate(input)`, `isPending`, and `error` as a typed fault. */
export function useBridgeRequest<N extends RequestName>(name: N) {
  const bridge = useBridge();
  return useMutation<RequestOut<N>, FaultError, RequestIn<N>>({
    mutationFn: (input) => unwrap(bridge.request(name, input)),
  });
}

export const useSignIn = () => useBridgeRequest("account.signIn");
export const useSignOut = () => useBridgeRequest("account.signOut");
export const useTestSetup = () => useBridgeRequest("setup.test");
export const useSaveSetup = () => useBridgeRequest("setup.save");
export const useSyncNow = () => useBridgeRequest("sync.now");
