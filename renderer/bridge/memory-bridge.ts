import type { z } from "zod";
import type {
  Bridge,
  CommandName,
  QueryName,
  RequestName,
  TopicEvent,
  TopicName,
} from "#shared/contract/bridge.ts";
import { commands } from "#shared/contract/commands.ts";
import { type Fault, type FaultCode, type Result, fault } from "#shared/contract/fault.ts";
import { queries } from "#shared/contract/queries.ts";
import { requests } from "#shared/contract/requests.ts";
import type { Connection, SyncState } from "#shared/contract/state.ts";
import type { MessageId, SessionId } from "#shared/model/ids.ts";
import type { Person } from "#shared/model/person.ts";
import type { SessionStatus } from "#shared/model/session.ts";
import { type InventedClinic, makeEmptyClinic, makeInventedClinic } from "./invented/clinic.ts";
import { MemoryClinic } from "./memory-clinic.ts";
import { answerCommands, answerQueries, answerRequests } from "./memory-handlers.ts";

type CallName = QueryName | CommandName | RequestName;

export type MemoryBridgeOptions = {
  host?: Bridge["host"];
  /** The clinic to answer from; the invented morning, unless given. */
  clinic?: "invented" | "empty" | InventedClinic;
  /** Who looks on. The doctor, unless given; null: nobody is signed in yet. */
  viewer?: Person | null;
  configured?: boolean;
  connection?: Connection;
  now?: () => Date;
  /** How long a sent message stays queued while online. */
  deliveryMs?: number;
  /** How long every answer takes. */
  answerMs?: number;
};

/** What tests and screenshots do to the world behind the bridge. */
export type MemoryControl = {
  /** Every call that a view has made, in order. */
  readonly calls: readonly { name: CallName; input: unknown }[];
  readonly clinic: InventedClinic;
  setConnection(connection: Connection): void;
  setAsOf(asOf: string | null): void;
  setPulling(pulling: SyncState["pulling"]): void;
  setSyncFault(fault: SyncState["fault"]): void;
  setStatus(sessionId: SessionId, status: SessionStatus): void;
  /** Lets somebody else say something in a session. */
  receive(sessionId: SessionId, from: Person | "system", content: string): void;
  /** Puts a message of the viewer into the outbox; it goes out with the next connection. */
  queue(id: MessageId, sessionId: SessionId, content: string): void;
  /** Has the server turn a message down for good. */
  refuse(messageId: MessageId, why: string): void;
  /** Makes every call of that name fail until `heal`. */
  fail(name: CallName, code: FaultCode, message?: string): void;
  heal(name: CallName): void;
  /** Keeps the answers to that call back until the returned function is called. */
  hold(name: CallName): () => void;
  /** Ends the sign-in from elsewhere. */
  expireSignIn(): void;
};

export type MemoryBridge = { bridge: Bridge; control: MemoryControl };

/**
 * A bridge over an invented clinic in memory, for tests, the gallery and development.
 * It decodes inputs and outputs by the contract as the main process does, so a view that works
 * here meets the same shapes there. No product bundle may import it (a test of the build sees to that).
 */
export const openMemoryBridge = (options: MemoryBridgeOptions = {}): MemoryBridge => {
  const now = options.now ?? (() => new Date());
  const clinic =
    options.clinic === undefined || options.clinic === "invented"
      ? makeInventedClinic(now())
      : options.clinic === "empty"
        ? makeEmptyClinic()
        : options.clinic;
  const memory = new MemoryClinic({
    clinic,
    viewer: options.viewer === undefined ? clinic.doctor : options.viewer,
    configured: options.configured ?? true,
    now,
  });
  if (options.connection !== undefined) memory.setConnection(options.connection);

  const calls: { name: CallName; input: unknown }[] = [];
  const failing = new Map<CallName, Fault>();
  const held = new Map<CallName, Promise<void>>();
  const cancelled = new Set<string>();

  /** One call: seen, held back, failed or decoded, answered and decoded again. */
  const answer = async <Input, Output>(
    name: CallName,
    input: unknown,
    shape: { in: z.ZodType; out: z.ZodType },
    work: (input: Input) => Result<Output>,
  ): Promise<Result<Output>> => {
    calls.push({ name, input: structuredClone(input) });
    if (options.answerMs !== undefined) {
      await new Promise((done) => setTimeout(done, options.answerMs));
    }
    await held.get(name);
    const failed = failing.get(name);
    if (failed !== undefined) return failed;
    const decoded = shape.in.safeParse(input);
    if (!decoded.success) return fault("invalid_input", "This input is not what was asked for.");
    // The shapes and the answers are looked up by the same name, which the types cannot follow.
    const result = work(decoded.data as Input);
    return result.ok
      ? { ok: true, value: shape.out.parse(structuredClone(result.value)) as Output }
      : result;
  };

  const queryAnswers = answerQueries(memory);
  const commandAnswers = answerCommands(memory, options.deliveryMs ?? 0);
  const requestAnswers = answerRequests(memory);

  const bridge: Bridge = {
    host: options.host ?? "workstation",
    async query(name, input, callId) {
      const result = await answer(name, input, queries[name], queryAnswers[name]);
      if (callId !== undefined && cancelled.delete(callId)) {
        return fault("cancelled", "It was cancelled.");
      }
      return result;
    },
    command: (name, input) => answer(name, input, commands[name], commandAnswers[name]),
    request: (name, input) => answer(name, input, requests[name], requestAnswers[name]),
    cancel: (callId) => void cancelled.add(callId),
    subscribe: <N extends TopicName>(name: N, heard: (event: TopicEvent<N>) => void) =>
      memory.hear(name, heard),
  };

  const control: MemoryControl = {
    calls,
    clinic,
    setConnection: (connection) => memory.setConnection(connection),
    setAsOf: (asOf) => memory.setAsOf(asOf),
    setPulling(pulling) {
      memory.pulling = pulling;
      memory.tell("sync.changed", {});
    },
    setSyncFault(found) {
      memory.fault = found;
      memory.tell("sync.changed", {});
    },
    setStatus(sessionId, status) {
      const session = memory.findSession(sessionId);
      if (session === null) return;
      session.status = status;
      if (status === "ended") session.endedAt = now().toISOString();
      memory.tellSession(session);
    },
    receive: (sessionId, from, content) => void memory.receive(sessionId, from, content),
    queue: (id, sessionId, content) =>
      void commandAnswers["message.send"]({ id, sessionId, content }),
    refuse(messageId, why) {
      const message = memory.findMessage(messageId);
      if (message === null) return;
      message.delivery = "refused";
      message.refusal = why;
      memory.tell("messages.changed", { sessionId: message.sessionId });
      memory.tell("sync.changed", {});
    },
    fail: (name, code, message = "This has failed on purpose.") =>
      void failing.set(name, fault(code, message, "test-ref")),
    heal: (name) => void failing.delete(name),
    hold(name) {
      const gate = Promise.withResolvers<void>();
      held.set(name, gate.promise);
      return () => {
        held.delete(name);
        gate.resolve();
      };
    },
    expireSignIn() {
      memory.viewer = null;
      memory.tell("account.changed", {});
    },
  };

  return { bridge, control };
};
