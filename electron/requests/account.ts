import { ok } from "#shared/contract/fault.ts";
import type { Accounts } from "#electron/account/accounts.ts";
import type { RequestHandlers } from "#electron/bridge/handlers.ts";
import { testProject } from "#electron/remote/test-project.ts";

type Names = "account.signIn" | "account.signOut" | "setup.test" | "setup.save";

/** Sign-in, sign-out, and the first start. */
export const accountRequests = (
  accounts: Accounts,
  send: typeof fetch,
): Pick<RequestHandlers, Names> => ({
  "account.signIn": (input) => accounts.signIn(input),
  "account.signOut": (input) => accounts.signOut(input),
  "setup.test": async (input) => ok({ checks: await testProject(input, send) }),
  "setup.save": (input) => accounts.configure(input),
});
