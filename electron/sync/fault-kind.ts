import type { FaultCode } from "#shared/contract/fault.ts";
import { CacheError } from "#electron/cache/cache-error.ts";

/**
 * What a fault asks of sync.
 * `again`: it will pass, try for ever. `last_word`: the server has decided about this one thing.
 * `blocked`: nothing is wrong with the work; somebody must act (sign in, paste the script, update),
 * so it is shown, and tried again now and then.
 */
export type FaultKind = "again" | "last_word" | "blocked";

const AGAIN: ReadonlySet<FaultCode> = new Set(["offline", "server", "quota", "cancelled"]);
const LAST_WORD: ReadonlySet<FaultCode> = new Set([
  "refused",
  "not_found",
  "already_ended",
  "already_signed",
  "appointment_mismatch",
  "invalid_input",
]);

export function kindOf(code: FaultCode): FaultKind {
  if (AGAIN.has(code)) return "again";
  return LAST_WORD.has(code) ? "last_word" : "blocked";
}

/** What a failure of the local store is called where it is shown. */
export function storeFault(error: unknown): FaultCode {
  if (!(error instanceof CacheError)) return "unexpected";
  if (error.code === "disk_full") return "disk_full";
  return ["corrupt", "outbox_corrupt"].includes(error.code) ? "cache_corrupt" : "unexpected";
}
