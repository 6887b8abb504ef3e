import { z } from "zod";
import { commands } from "#shared/contract/commands.ts";
import { fault, type Result } from "#shared/contract/fault.ts";
import { queries } from "#shared/contract/queries.ts";
import { requests } from "#shared/contract/requests.ts";
import { describeFault } from "#shared/consultation/describe-fault.ts";
import type { Log } from "#electron/log/log.ts";
import type { CallName } from "#electron/log/events.ts";
import type { Call, Handlers } from "./handlers.ts";

const contracts = { query: queries, command: commands, request: requests };

const Envelope = z.object({
  kind: z.enum(["query", "command", "request"]),
  name: z.string(),
  input: z.unknown(),
  callId: z.string().min(1).max(100).optional(),
});

/** A call whose kind and name are known, with the parts of its contract. */
type Entry = {
  name: CallName;
  decode: z.ZodType;
  run: (input: never, call: Call) => Promise<Result<unknown>>;
};

/** Calls slower than this are logged, with their name and duration. */
const SLOW_MS = 200;

const refuse = (code: "invalid_input" | "cancelled" | "unexpected", ref: string | null = null) =>
  fault(code, describeFault(code), ref);

function findEntry(handlers: Handlers, kind: keyof Handlers, name: string): Entry | null {
  // Own properties only: "constructor" is a name on every object.
  if (!Object.hasOwn(contracts[kind], name) || !Object.hasOwn(handlers[kind], name)) return null;
  const contract: Record<string, { in: z.ZodType }> = contracts[kind];
  const table: Record<string, Entry["run"]> = handlers[kind];
  const [found, run] = [contract[name], table[name]];
  return found && run ? { name: name as CallName, decode: found.in, run } : null;
}

/** Runs one call of a page, and can be told to cancel it. */
export type Dispatcher = {
  call(pageId: number, value: unknown): Promise<Result<unknown>>;
  cancel(pageId: number, callId: unknown): void;
  /** Cancels all that a page has asked for. */
  cancelAll(pageId: number): void;
};

/**
 * Decodes, runs and answers calls. It is the one place in the main process that catches everything:
 * a bug becomes the fault `unexpected`, with a `ref` to its line in the log, and never an Error, which
 * would lose its fields on the way and could carry a patient's words in its message.
 */
export function createDispatcher(handlers: Handlers, log: Log): Dispatcher {
  const running = new Map<number, Map<string, AbortController>>();

  const begin = (pageId: number, callId: string): AbortController | null => {
    const calls = running.get(pageId) ?? new Map<string, AbortController>();
    if (calls.has(callId)) return null;
    const controller = new AbortController();
    running.set(pageId, calls.set(callId, controller));
    return controller;
  };
  const finish = (pageId: number, callId: string) => {
    const calls = running.get(pageId);
    calls?.delete(callId);
    if (calls?.size === 0) running.delete(pageId);
  };

  let unnamed = 0;
  const run = async (pageId: number, value: unknown): Promise<Result<unknown>> => {
    const envelope = Envelope.safeParse(value);
    if (!envelope.success) {
      log.write("bridge.refused", { reason: "shape" });
      return refuse("invalid_input");
    }
    const { kind, name, input } = envelope.data;
    const entry = findEntry(handlers, kind, name);
    if (entry === null) {
      log.write("bridge.refused", { reason: "name" });
      return refuse("invalid_input");
    }
    const decoded = entry.decode.safeParse(input);
    if (!decoded.success) {
      log.write("bridge.failed", { call: entry.name, fault: "invalid_input" });
      return refuse("invalid_input");
    }
    const callId = envelope.data.callId ?? `unnamed ${unnamed++}`;
    const controller = begin(pageId, callId);
    if (controller === null) return refuse("invalid_input"); // the id is in use
    const startedAt = performance.now();
    try {
      // The entry pairs the decoder with its handler; TypeScript cannot follow that through the map.
      const result = await entry.run(decoded.data as never, { signal: controller.signal });
      if (controller.signal.aborted) return refuse("cancelled");
      if (!result.ok) log.write("bridge.failed", { call: entry.name, fault: result.fault });
      return result;
    } catch (error) {
      if (controller.signal.aborted) return refuse("cancelled");
      return refuse("unexpected", log.unexpected(entry.name, error));
    } finally {
      finish(pageId, callId);
      const durationMs = Math.round(performance.now() - startedAt);
      if (durationMs > SLOW_MS) log.write("bridge.slow", { call: entry.name, durationMs });
    }
  };

  return {
    call: run,
    cancel(pageId, callId) {
      if (typeof callId === "string") running.get(pageId)?.get(callId)?.abort();
    },
    cancelAll(pageId) {
      for (const controller of running.get(pageId)?.values() ?? []) controller.abort();
    },
  };
}
