import { join } from "node:path";
import type { SyncState } from "#shared/contract/state.ts";
import { openAccountFile } from "./account/account-file.ts";
import { createAccounts, type Accounts } from "./account/accounts.ts";
import { deskOpener } from "./account/open-desk.ts";
import { sessionStorage } from "./account/session-storage.ts";
import type { Handlers, Publish } from "./bridge/handlers.ts";
import { createUseCache } from "./bridge/use-cache.ts";
import { cacheCommands } from "./commands/cache.ts";
import { draftCommands } from "./commands/drafts.ts";
import { messageCommands } from "./commands/messages.ts";
import { sessionCommands } from "./commands/sessions.ts";
import { findProject, saveProject, type ProjectSource } from "./config/project.ts";
import { destroyUserVault, sealUserVault } from "./keys/user-vault.ts";
import type { Log } from "./log/log.ts";
import type { Platform } from "./platform/platform.ts";
import { sealedFile } from "./platform/sealed-file.ts";
import { appointmentQueries } from "./queries/appointments.ts";
import { messageQueries } from "./queries/messages.ts";
import { sessionQueries } from "./queries/sessions.ts";
import { stateQueries } from "./queries/state.ts";
import { openSupabase } from "./remote/supabase.ts";
import { accountRequests } from "./requests/account.ts";
import { sessionRequests } from "./requests/sessions.ts";

export type ComposeOptions = {
  log: Log;
  publish: Publish;
  /** Entry of the cache's worker threads. */
  cacheWorker: URL;
  /** When the local copy is looked through for damage; for tests. */
  checkAfterMs?: number;
  /** What was built in of the project's address and key. */
  builtIn: ProjectSource;
};

/** The services of the main process, ready to be connected to pages. */
export type Services = {
  handlers: Handlers;
  accounts: Accounts;
  /** Takes up the last sign-in; never waits for the network. */
  start(): Promise<void>;
  close(): Promise<void>;
};

const SIGNED_OUT: SyncState = {
  connection: "offline",
  asOf: null,
  queued: 0,
  refused: 0,
  pulling: null,
  fault: null,
};

/** Builds every service from a platform. Needs no Electron: tests call it on a platform of their own. */
export function compose(platform: Platform, options: ComposeOptions): Services {
  const { log, publish } = options;
  const { environment, keyring, paths } = platform;
  const projectFile = sealedFile(join(paths.userData, "project.bin"), keyring);

  /** Asks the server who this is: once a connection is there, and when it doubts the sign-in. */
  let confirmed = false;
  const onSync = ({ connection, fault }: SyncState) => {
    if (connection === "offline") confirmed = false;
    const doubted = fault?.code === "not_signed_in" || fault?.code === "account_blocked";
    if (connection !== "online" || (confirmed && !doubted)) return;
    confirmed = true;
    accounts.confirm().catch((error: unknown) => log.unexpected("account", error));
  };

  const accounts = createAccounts(
    findProject(
      { url: environment["VITE_SUPABASE_URL"], anonKey: environment["VITE_SUPABASE_ANON_KEY"] },
      options.builtIn,
      projectFile,
    ),
    {
      openFile: (project) =>
        openAccountFile(sealedFile(join(paths.userData, "account.bin"), keyring), project.url),
      connect: (project, file) => openSupabase(project, sessionStorage(file), platform.fetch),
      openDesk: (project) =>
        deskOpener({
          platform,
          projectUrl: project.url,
          cacheWorker: options.cacheWorker,
          publish,
          log,
          onSync,
          checkAfterMs: options.checkAfterMs,
          onDamaged: () => {
            accounts.reopen().catch((error: unknown) => log.unexpected("account", error));
          },
        }),
      destroy: (project, userId) => destroyUserVault(platform, project.url, userId),
      seal: (project, userId) => sealUserVault(platform, project.url, userId),
      saveProject: (project) => saveProject(project, projectFile),
      isKeyringSafe: () => keyring.strength() === "safe",
      appVersion: platform.build.version,
      publish,
      log,
    },
  );

  const desk = () => accounts.desk();
  // A page that asks while the last sign-in is being taken up waits for it: it would otherwise show the
  // sign-in for a moment to somebody who is signed in.
  const { promise: started, resolve: onStarted } = Promise.withResolvers<void>();
  const deskWhenStarted = () => started.then(desk);
  const useCache = createUseCache(deskWhenStarted);
  const nudge = () => desk()?.engine.outboxChanged();
  const stopWaking = platform.power.onWake(() => void desk()?.engine.now());

  return {
    accounts,
    handlers: {
      query: {
        ...stateQueries({
          account: () => started.then(accounts.current),
          sync: async () => (await deskWhenStarted())?.engine.state() ?? SIGNED_OUT,
        }),
        ...appointmentQueries(useCache),
        ...sessionQueries(useCache),
        ...messageQueries(useCache),
      },
      command: {
        ...messageCommands(useCache, publish, nudge),
        ...sessionCommands(useCache, publish, nudge),
        ...draftCommands(useCache),
        ...cacheCommands(useCache, () => void desk()?.engine.now()),
      },
      request: {
        ...accountRequests(accounts, platform.fetch),
        ...sessionRequests(deskWhenStarted, useCache, publish),
      },
    },
    start: () => accounts.restore().finally(onStarted),
    async close() {
      stopWaking();
      await accounts.close();
    },
  };
}
