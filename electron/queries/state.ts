import { ok } from "#shared/contract/fault.ts";
import type { Account, SyncState } from "#shared/contract/state.ts";
import type { QueryHandlers } from "#electron/bridge/handlers.ts";

/** Tells what is in memory at the moment; these two answer whether somebody is signed in or not. */
export type StateSource = { account(): Account; sync(): SyncState };

export const stateQueries = (
  source: StateSource,
): Pick<QueryHandlers, "account.current" | "sync.state"> => ({
  "account.current": async () => ok(source.account()),
  "sync.state": async () => ok(source.sync()),
});
