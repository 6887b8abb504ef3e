import type { SupabaseClient } from "@supabase/supabase-js";
import type { z } from "zod";
import { composeMessage, insertMessage, signedInUserId } from "#shared/consultation/calls.ts";
import { ConsultationError } from "#shared/consultation/consultation-error.ts";
import { describeFault } from "#shared/consultation/describe-fault.ts";
import type { Bridge, CommandName, QueryName, RequestName } from "#shared/contract/bridge.ts";
import { commands } from "#shared/contract/commands.ts";
import { type Result, fault, ok } from "#shared/contract/fault.ts";
import { queries } from "#shared/contract/queries.ts";
import { requests } from "#shared/contract/requests.ts";
import type { Message } from "#shared/model/message.ts";
import type { ParticipantRole } from "#shared/model/session.ts";
import { AccountState } from "./account-state.ts";
import { Connectivity } from "./connectivity.ts";
import { answerCommands, answerQueries, answerRequests } from "./handlers.ts";
import { LiveLinks } from "./live-links.ts";
import { ServerReads } from "./queries.ts";
import { SendQueue } from "./send-queue.ts";
import { SessionRoles } from "./session-roles.ts";
import { TopicBus } from "./topic-bus.ts";

export interface SupabaseBridge extends Bridge {
  /** Leaves every topic and stops every timer; what is queued is dropped. */
  close(): void;
}

const hostOf = (client: SupabaseClient): string => {
  const { supabaseUrl } = client as unknown as { supabaseUrl?: unknown };
  return typeof supabaseUrl === "string" && URL.canParse(supabaseUrl)
    ? new URL(supabaseUrl).host
    : "";
};

/**
 * The twin of the workstation's bridge for any browser: the same contract, answered by Supabase.
 * Reads go to the server; what is sent waits in memory while the page is open, never on disk.
 * Signs in and out through the client that it is given, so a page's own sign-in is shared.
 */
export function makeSupabaseBridge(client: SupabaseClient): SupabaseBridge {
  const bus = new TopicBus(() => live.refresh());
  const connectivity = new Connectivity(() => bus.tell("sync.changed", {}));
  const account = new AccountState(client, hostOf(client));
  const reads = new ServerReads(client);
  const roles = new SessionRoles(client);
  const drafts = new Map<string, { message: string; notes: string }>();

  const roleOf = async (message: Message): Promise<ParticipantRole> =>
    (await roles.find(message.sessionId)).doctor === message.senderId ? "doctor" : "patient";

  const queue = new SendQueue({
    async send(message) {
      try {
        // Nobody is signed in, or another: it waits for its author.
        if ((await signedInUserId(client)) !== message.senderId) {
          throw new ConsultationError("not_signed_in");
        }
        await insertMessage(
          client,
          composeMessage({
            id: message.id,
            sessionId: message.sessionId,
            senderId: message.senderId ?? "",
            senderRole: await roleOf(message),
            senderName: message.senderName,
            text: message.content,
          }),
        );
        connectivity.heard();
      } catch (error) {
        connectivity.failed(ConsultationError.from(error));
        throw error;
      }
    },
    changed(sessionId) {
      bus.tell("messages.changed", { sessionId });
      bus.tell("sync.changed", {});
    },
  });

  const live = new LiveLinks({
    client,
    bus,
    heard: () => {
      connectivity.heard();
      queue.flush();
    },
    joined: () => connectivity.joined(),
    lost: (error) => connectivity.failed(error),
  });

  /** Whose words wait here: they outlive a sign-in that has run out, but not one that was ended. */
  let author: string | null = null;
  const forgetWork = () => {
    author = null;
    drafts.clear();
    queue.clear();
  };
  const forgetAnswers = () => {
    account.forget();
    reads.forget();
    roles.forget();
  };
  /** Everything that belongs to one sign-in goes with it. */
  const forget = () => {
    forgetAnswers();
    forgetWork();
  };

  const cancelled = new Map<string, () => void>();
  const parts = { client, account, reads, roles, drafts, queue, live, bus, connectivity, forget };
  const queryAnswers = answerQueries(parts);
  const commandAnswers = answerCommands(parts);
  const requestAnswers = answerRequests(parts);

  /** One call: decoded, answered, and every failure turned into a value. */
  const answer = async <Input, Output>(
    input: unknown,
    shape: { in: z.ZodType },
    work: (input: Input) => Promise<Output>,
  ): Promise<Result<Output>> => {
    const decoded = shape.in.safeParse(input);
    if (!decoded.success) return fault("invalid_input", describeFault("invalid_input"));
    try {
      // The shapes and the answers are looked up by the same name, which the types cannot follow.
      return ok(await work(decoded.data as Input));
    } catch (error) {
      const failed = ConsultationError.from(error);
      connectivity.failed(failed);
      return fault(failed.code, failed.message);
    }
  };

  // The sign-in can change elsewhere: another tab, the foreign app, an expired refresh token.
  const { data: auth } = client.auth.onAuthStateChange((_event, session) => {
    const userId = session?.user.id ?? null;
    const before = account.knownUserId ?? author;
    live.setUser(userId);
    // Work of whoever was here before must not be seen by another, nor be sent in his name.
    if (userId !== null && before !== null && userId !== before) forgetWork();
    author = userId ?? before;
    if (userId === account.knownUserId) return;
    if (account.knownUserId !== null) forgetAnswers();
    bus.tell("account.changed", {});
    // Not inside auth-js's own turn: it would wait for itself.
    if (userId !== null) setTimeout(() => queue.flush());
  });

  const warn = (event: BeforeUnloadEvent) => {
    if (queue.queued > 0) event.preventDefault();
  };
  const back = () => queue.flush();
  globalThis.addEventListener?.("beforeunload", warn);
  globalThis.addEventListener?.("online", back);

  return {
    host: "browser",
    query<N extends QueryName>(name: N, input: unknown, callId?: string) {
      const answered = answer(input, queries[name], queryAnswers[name]);
      if (callId === undefined) return answered;
      const gate = Promise.withResolvers<Awaited<typeof answered>>();
      cancelled.set(callId, () => gate.resolve(fault("cancelled", describeFault("cancelled"))));
      return Promise.race([answered, gate.promise]).finally(() => cancelled.delete(callId));
    },
    command: <N extends CommandName>(name: N, input: unknown) =>
      answer(input, commands[name], commandAnswers[name]),
    request: <N extends RequestName>(name: N, input: unknown) =>
      answer(input, requests[name], requestAnswers[name]),
    cancel: (callId) => cancelled.get(callId)?.(),
    subscribe: (name, heard) => bus.subscribe(name, heard),
    close() {
      auth.subscription.unsubscribe();
      globalThis.removeEventListener?.("beforeunload", warn);
      globalThis.removeEventListener?.("online", back);
      live.close();
      forget();
    },
  };
}
