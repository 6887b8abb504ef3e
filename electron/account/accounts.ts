import { describeFault } from "#shared/consultation/describe-fault.ts";
import { fault, ok, type FaultCode, type Result } from "#shared/contract/fault.ts";
import type { Account } from "#shared/contract/state.ts";
import type { Publish } from "#electron/bridge/handlers.ts";
import { checkProject, type FoundProject, type Project } from "#electron/config/project.ts";
import type { Log } from "#electron/log/log.ts";
import { getProfile, signIn, signOut, type Profile } from "#electron/remote/sign-in.ts";
import {
  canRenew,
  closeSupabase,
  onSessionEnded,
  SESSION_NAME,
  type Connection,
} from "#electron/remote/supabase.ts";
import type { AccountFile } from "./account-file.ts";
import type { Desk, OpenDesk } from "./desk.ts";

const NOBODY: Account = {
  configured: false,
  server: null,
  person: null,
  email: null,
  settings: null,
};

const refuse = (code: FaultCode) => fault(code, describeFault(code));

/** What accounts needs of the rest; each part belongs to one project. */
export type AccountParts = {
  appVersion: string;
  /** The sealed account file of a project. */
  openFile(project: Project): AccountFile;
  connect(project: Project, file: AccountFile): Connection;
  openDesk(project: Project): OpenDesk;
  /** Destroys a user's key and files. */
  destroy(project: Project, userId: string): void;
  /** Removes what can be fetched again; the outbox stays, sealed by its key. */
  seal(project: Project, userId: string): void;
  saveProject(project: Project): Result<void>;
  /** False where nothing can be kept safely; then nobody can sign in. */
  isKeyringSafe(): boolean;
  publish: Publish;
  log: Log;
};

/** Who is signed in on this machine. All changes run one after the other. */
export interface Accounts {
  current(): Account;
  /** Null while nobody is signed in: then the local copies are closed and their keys not in memory. */
  desk(): Desk | null;
  /** Takes up the sign-in of the last start. Never waits for the network. */
  restore(): Promise<void>;
  signIn(credentials: { email: string; password: string }): Promise<Result<Account>>;
  /** Faults: `unsent_work` unless it is discarded on purpose, or kept sealed for the same user. */
  signOut(how: {
    discardUnsent: boolean;
    keepUnsent: boolean;
  }): Promise<Result<Record<never, never>>>;
  configure(given: { url: string; anonKey: string }): Promise<Result<Account>>;
  /** Asks the server again who this is; somebody who is no clinician any more is signed out. */
  confirm(): Promise<void>;
  /** Opens the same person's desk again, to rebuild a local copy that was found damaged. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

type Place = { project: Project; file: AccountFile };

/** How much exists only on this machine, unsaved notes too; null where a broken store cannot tell. */
const countWaiting = async (desk: Desk): Promise<number | null> => {
  try {
    return (await desk.cache.read("outbox.list", {})).items.length;
  } catch {
    return null;
  }
};

/** Nobody is signed in any more; the address stays, for the next sign-in. */
const forget = (file: AccountFile) => file.update({ auth: {}, person: null });

export function createAccounts(found: FoundProject, parts: AccountParts): Accounts {
  const { appVersion, log, publish } = parts;
  let place: Place | null = null;
  let desk: Desk | null = null;
  /** The client whose SIGNED_OUT would mean that the server has ended the session. */
  let watched: Connection | null = null;
  let last: Promise<unknown> = Promise.resolve();

  /** Sign-in, sign-out and expiry must not cross each other. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };

  const settle = (project: Project) => {
    place = { project, file: parts.openFile(project) };
  };
  if (found.state === "ready") settle(found.project);
  if (found.state === "rejected") log.write("config.rejected", { fault: found.reason.fault });

  const current = (): Account => {
    if (place === null) return NOBODY;
    const { email, settings } = place.file.read();
    return {
      configured: true,
      server: new URL(place.project.url).host,
      person: desk?.person ?? null,
      email,
      settings,
    };
  };

  const tell = () => {
    publish("account.changed", {});
    publish("sync.changed", {});
  };

  /** Closes the desk and the connection; what is stored stays. */
  const leave = async () => {
    const [leaving, client] = [desk, watched];
    desk = null;
    watched = null;
    await leaving?.close();
    if (client !== null) await closeSupabase(client);
  };

  /** The server has ended the session: the local copy is closed until the next sign-in. */
  const expire = (client: Connection) =>
    inTurn(async () => {
      if (client !== watched || place === null) return;
      await leave();
      forget(place.file);
      log.write("account.expired", {});
      tell();
    });

  const watch = (client: Connection) => {
    watched = client;
    onSessionEnded(client, () => {
      expire(client).catch((error: unknown) => log.unexpected("account", error));
    });
  };

  const enter = async (at: Place, client: Connection, profile: Profile) => {
    // From the first moment: a new client asks for a fresh token at once, and may be refused.
    watch(client);
    const opened = await parts.openDesk(at.project)(client, profile.person);
    if (!opened.ok) {
      watched = null;
      return opened;
    }
    desk = opened.value;
    tell();
    return ok(current());
  };

  return {
    current,
    desk: () => desk,

    restore: () =>
      inTurn(async () => {
        if (place === null || !parts.isKeyringSafe()) return;
        const { auth, person, settings } = place.file.read();
        if (person === null || auth[SESSION_NAME] === undefined) return;
        const startedAt = performance.now();
        const client = parts.connect(place.project, place.file);
        const entered = await enter(place, client, { person, settings });
        if (!entered.ok) {
          await closeSupabase(client);
          log.write("account.failed", { fault: entered.fault });
          return;
        }
        log.write("account.restored", { durationMs: Math.round(performance.now() - startedAt) });
      }),

    signIn: (credentials) =>
      inTurn(async () => {
        if (found.state === "rejected" && place === null) return found.reason;
        if (place === null) return refuse("not_configured");
        if (!parts.isKeyringSafe()) return refuse("keyring_unavailable");
        const startedAt = performance.now();
        await leave();
        forget(place.file);
        const client = parts.connect(place.project, place.file);
        const profile = await signIn(client, credentials, appVersion);
        if (profile.ok) place.file.update({ email: credentials.email, ...profile.value });
        const entered = profile.ok ? await enter(place, client, profile.value) : profile;
        if (!entered.ok) {
          if (profile.ok) await signOut(client);
          await closeSupabase(client);
          forget(place.file);
          return entered;
        }
        log.write("account.signedIn", { durationMs: Math.round(performance.now() - startedAt) });
        return entered;
      }),

    signOut: ({ discardUnsent, keepUnsent }) =>
      inTurn(async () => {
        if (place === null || desk === null || watched === null) return refuse("not_signed_in");
        const waiting = await countWaiting(desk);
        // A store that cannot say what waits may hold something.
        if (waiting !== 0 && !discardUnsent && !keepUnsent) return refuse("unsent_work");
        const { person } = desk;
        const client = watched;
        // From here on the session's end is wanted, so nobody watches for it.
        watched = null;
        // A store that does not close must not keep its key from being destroyed.
        await leave().catch((error: unknown) => log.unexpected("account", error));
        const isKept = waiting !== 0 && keepUnsent && !discardUnsent;
        (isKept ? parts.seal : parts.destroy)(place.project, person.id);
        await signOut(client);
        await closeSupabase(client);
        place.file.remove();
        log.write("account.signedOut", { discarded: isKept ? 0 : (waiting ?? 0) });
        tell();
        return ok({});
      }),

    configure: (given) =>
      inTurn(async () => {
        // What IT has set stays set, and nobody moves a signed-in doctor to another server.
        if (found.state === "rejected") return found.reason;
        const fixed = found.state === "ready" && found.from !== "saved";
        if (fixed || desk !== null) return refuse("refused");
        const checked = checkProject(given);
        if (!checked.ok) return checked;
        const saved = parts.saveProject(checked.value);
        if (!saved.ok) return saved;
        await leave();
        settle(checked.value);
        tell();
        return ok(current());
      }),

    confirm: async () => {
      const client = watched;
      if (client === null) return;
      const profile = await getProfile(client, appVersion);
      if (profile.ok) {
        await inTurn(async () => {
          if (client !== watched || place === null || desk === null) return;
          const before = JSON.stringify(current());
          desk.person = profile.value.person;
          place.file.update(profile.value);
          // On this news a page forgets all that it shows, so it hears of a real change only.
          if (JSON.stringify(current()) !== before) tell();
        });
      } else if (
        profile.fault === "account_blocked" ||
        (profile.fault === "not_signed_in" && !(await canRenew(client)))
      ) {
        await expire(client);
      }
    },

    reopen: () =>
      inTurn(async () => {
        if (place === null || desk === null || watched === null) return;
        const leaving = desk;
        desk = null;
        await leaving.close();
        const opened = await parts.openDesk(place.project)(watched, leaving.person);
        if (opened.ok) desk = opened.value;
        else log.write("account.failed", { fault: opened.fault });
        tell();
      }),

    close: () => inTurn(leave),
  };
}
