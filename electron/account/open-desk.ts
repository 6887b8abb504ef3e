import { describeFault } from "#shared/consultation/describe-fault.ts";
import { fault, ok, type Result } from "#shared/contract/fault.ts";
import type { Publish } from "#electron/bridge/handlers.ts";
import { cacheFault } from "#electron/bridge/use-cache.ts";
import { checkCache, openCache, type Cache, type CacheOptions } from "#electron/cache/cache.ts";
import { CacheError } from "#electron/cache/cache-error.ts";
import { openUserVault } from "#electron/keys/user-vault.ts";
import type { Log } from "#electron/log/log.ts";
import type { Platform } from "#electron/platform/platform.ts";
import { createRemote } from "#electron/remote/remote.ts";
import { startSync } from "#electron/sync/engine.ts";
import type { SyncState } from "#shared/contract/state.ts";
import type { OpenDesk } from "./desk.ts";

export type DeskParts = {
  platform: Pick<Platform, "build" | "environment" | "paths" | "keyring">;
  projectUrl: string;
  cacheWorker: URL;
  /** When the local copy is looked through, after everything that is waited for. */
  checkAfterMs?: number;
  publish: Publish;
  log: Log;
  /** Hears of every change of the sync's state. */
  onSync(state: SyncState): void;
  /** The local copy is damaged: opened again, it is rebuilt. Called once for a desk. */
  onDamaged(): void;
};

const CHECK_AFTER_MS = 10_000;
/** How long the look for damage may take; the largest tables are left out of it where it is too short. */
const CHECK_MS = 20_000;

/** The same store, which tells when one of its calls meets a damaged page. */
function watchForDamage(cache: Cache, damaged: () => void): Cache {
  const watch = <T>(call: Promise<T>): Promise<T> => {
    call.catch((error: unknown) => {
      if (error instanceof CacheError && error.code === "corrupt") damaged();
    });
    return call;
  };
  return {
    read: (name, args, signal) => watch(cache.read(name, args, signal)),
    write: (name, args) => watch(cache.write(name, args)),
    close: () => cache.close(),
  };
}

/** Opens the store; a damaged one is opened again with what can be saved of it. */
async function openOrRepair(options: CacheOptions, log: Log): Promise<Cache> {
  try {
    return await openCache(options);
  } catch (error) {
    const damaged =
      error instanceof CacheError && ["corrupt", "outbox_corrupt"].includes(error.code);
    if (!damaged) throw error;
    log.write("cache.failed", { fault: "cache_corrupt" });
    return openCache({ ...options, repair: true });
  }
}

/** Opens the desks of one project's users: the key, the store, the connection's rows, the sync. */
export function deskOpener(parts: DeskParts): OpenDesk {
  const { platform, publish, log } = parts;
  return async (client, person) => {
    const vault = openUserVault(platform, parts.projectUrl, person.id);
    if (!vault.ok) return vault;
    const { folder, key, encrypted } = vault.value;
    const store: CacheOptions = {
      workerUrl: parts.cacheWorker,
      folder,
      userId: person.id,
      key,
      ...(!encrypted && { unsafe: { encryption: false } }),
    };
    const startedAt = performance.now();
    const opened = await attemptOpen(() => openOrRepair(store, log));
    if (!opened.ok) {
      log.write("cache.failed", { fault: opened.fault });
      return opened;
    }
    let damageTold = false;
    const tellDamage = (): void => {
      if (damageTold) return;
      damageTold = true;
      log.write("cache.failed", { fault: "cache_corrupt" });
      parts.onDamaged();
    };
    const cache = watchForDamage(opened.value, tellDamage);
    const closing = new AbortController();
    let checking: Promise<unknown> = Promise.resolve();
    const lookThrough = async (): Promise<void> => {
      const found = await checkCache(store, CHECK_MS, closing.signal);
      if (found === "damaged") tellDamage();
    };
    const check = setTimeout(() => {
      checking = lookThrough().catch((error: unknown) => log.unexpected("account", error));
    }, parts.checkAfterMs ?? CHECK_AFTER_MS);
    const durationMs = Math.round(performance.now() - startedAt);
    log.write("cache.opened", { durationMs, encrypted });

    const engine = startSync({
      cache,
      remote: createRemote(client, person.id, platform.build.version),
      events: {
        onState() {
          publish("sync.changed", {});
          parts.onSync(engine.state());
        },
        onAppointments: () => publish("appointments.changed", {}),
        onSession: (session) => publish("session.changed", session),
        onMessages: (session) => publish("messages.changed", session),
        onBug: (error) => void log.unexpected("sync", error),
      },
    });
    return ok({
      person,
      cache,
      client,
      engine,
      async close() {
        clearTimeout(check);
        damageTold = true;
        closing.abort();
        await checking;
        await engine.stop();
        await cache.close();
      },
    });
  };
}

async function attemptOpen(open: () => Promise<Cache>): Promise<Result<Cache>> {
  try {
    return ok(await open());
  } catch (error) {
    const code = cacheFault(error);
    if (code === null) throw error;
    return fault(code, describeFault(code));
  }
}
