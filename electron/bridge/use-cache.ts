import { describeFault } from "#shared/consultation/describe-fault.ts";
import { fault, ok, type FaultCode, type Result } from "#shared/contract/fault.ts";
import type { Person } from "#shared/model/person.ts";
import type { Cache } from "#electron/cache/cache.ts";
import { CacheError, type CacheErrorCode } from "#electron/cache/cache-error.ts";

/** The local store of whoever is signed in. */
export type OpenCache = { cache: Cache; person: Person };

/** Runs work on the signed-in user's store; `not_signed_in` where there is none. */
export type UseCache = <T>(work: (open: OpenCache) => Promise<T>) => Promise<Result<T>>;

const FAULTS: Readonly<Record<Exclude<CacheErrorCode, "unexpected">, FaultCode>> = {
  locked: "cache_locked",
  wrong_key: "cache_corrupt",
  corrupt: "cache_corrupt",
  outbox_corrupt: "cache_corrupt",
  other_user: "refused",
  newer: "app_old",
  disk_full: "disk_full",
  cancelled: "cancelled",
  // The user signed out while the call waited.
  closed: "not_signed_in",
  not_found: "not_found",
  already_ended: "already_ended",
  // A message that is on its way cannot be taken back.
  on_its_way: "invalid_input",
};

/** The fault that a store's error stands for; null for a bug, which is to be thrown on. */
export function cacheFault(error: unknown): FaultCode | null {
  return error instanceof CacheError && error.code !== "unexpected" ? FAULTS[error.code] : null;
}

/** Makes `UseCache` over a function that tells who is signed in, once that is known. */
export function createUseCache(current: () => Promise<OpenCache | null>): UseCache {
  return async (work) => {
    const open = await current();
    if (open === null) return fault("not_signed_in", describeFault("not_signed_in"));
    try {
      return ok(await work(open));
    } catch (error) {
      const code = cacheFault(error);
      if (code === null) throw error;
      return fault(code, describeFault(code));
    }
  };
}
