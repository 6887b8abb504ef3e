import { useBridge } from "./BridgeProvider.tsx";
import { useSyncState } from "./use-account.ts";

/**
 * When what is shown last equalled the server. In the workstation the whole cache has one such
 * time, which moves on though a list did not change; elsewhere each answer has its own.
 */
export function useAsOf(answered: string | null): string | null {
  const { host } = useBridge();
  const sync = useSyncState().data;
  return host === "workstation" ? (sync?.asOf ?? answered) : answered;
}
