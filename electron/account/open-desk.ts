import { describeFault } from "#shared/consultation/describe-fault.ts";
import { fault, ok, type Result } from "#shared/contract/fault.ts";
import type { Publish } from "#electron/bridge/handlers.ts";
import { cacheFault } from "#electron/bridge/use-cache.ts";
import { openCache, type Cache, type CacheOptions } from "#electron/cache/cache.ts";
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
  publish: Publish;
  log: Log;
  /** Hears of every change of the sync's state. */
  onSync(state: SyncState): void;
};

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
    const startedAt = performance.now();
    const opened = await attemptOpen(() =>
      openOrRepair(
        {
          workerUrl: parts.cacheWorker,
          folder,
          userId: person.id,
          key,
          ...(!encrypted && { unsafe: { encryption: false } }),
        },
        log,
      ),
    );
    if (!opened.ok) {
      log.write("cache.failed", { fault: opened.fault });
      return opened;
    }
    const cache = opened.value;
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
