import { ok } from "#shared/contract/fault.ts";
import type { Account, SyncState } from "#shared/contract/state.ts";
import type { QueryHandlers } from "#electron/bridge/handlers.ts";

/** Tells what is in memory; these two answer whether somebody is signed in or not. */
export type StateSource = { account(): Promise<Account>; sync(): Promise<SyncState> };

export const stateQueries = (
  source: StateSource,
): Pick<QueryHandlers, "account.current" | "sync.state"> => ({
  "account.current": async () => ok(await source.account()),
  "sync.state": async () => ok(await source.sync()),
});
