import type { CommandName, QueryName, RequestName } from "#shared/contract/bridge.ts";
import type { FaultCode } from "#shared/contract/fault.ts";

/**
 * Every line that the log can hold. A line is one of these names and a few fields; there is no
 * place for a sentence, so that a patient's words cannot get in.
 */
export type LogEvents = {
  "app.started": { packaged: boolean; durationMs?: number };
  "app.stopped": Record<never, never>;
  "account.signedIn": { durationMs: number };
  "account.restored": { durationMs: number };
  "account.signedOut": { discarded: number };
  "account.expired": Record<never, never>;
  "account.failed": { fault: FaultCode };
  "cache.opened": { durationMs: number; encrypted: boolean };
  "cache.failed": { fault: FaultCode };
  "config.rejected": { fault: FaultCode };
  "bridge.refused": { reason: "sender" | "shape" | "name" };
  "bridge.slow": { call: CallName; durationMs: number };
  "bridge.failed": { call: CallName; fault: FaultCode };
  "error.unexpected": { at: ErrorPlace } & ErrorFields;
  "page.refused": { what: "navigation" | "window" | "permission" | "path" | "link" };
  "page.crashed": Record<never, never>;
};

export type LogEvent = keyof LogEvents;
export type CallName = QueryName | CommandName | RequestName;
/** Where a bug was caught. */
export type ErrorPlace = CallName | "main" | "services" | "sync" | "topics" | "account";
/** What may be told of an error: its class and where it was thrown, never its message. */
export type ErrorFields = { error: ErrorName; frames: StackFrames };
export type ErrorName = string & { readonly errorName: unique symbol };
export type StackFrames = readonly string[] & { readonly stackFrames: unique symbol };
