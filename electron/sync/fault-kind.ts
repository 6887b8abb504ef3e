import type { FaultCode } from "#shared/contract/fault.ts";

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
