import { ok, type Fault, type FaultCode, type Result } from "#shared/contract/fault.ts";
import type { SessionId } from "#shared/model/ids.ts";
import type { Message } from "#shared/model/message.ts";
import type { Cache } from "#electron/cache/cache.ts";
import { kindOf } from "./fault-kind.ts";
import type { HeldSessions } from "./held-sessions.ts";
import type { Remote } from "./remote-port.ts";

export type PushParts = {
  cache: Cache;
  remote: Remote;
  signal: AbortSignal;
  /** Sessions that wait after a failure of the server; kept between the rounds. */
  held: HeldSessions;
  onMessage(sessionId: SessionId): void;
  onSession(sessionId: SessionId): void;
  /** An end was turned down; its notes are in the draft again. */
  onEndRefused(refusal: Fault): void;
};

/**
 * Sends what waits in the outbox: each session's work in its order, oldest first over all, until
 * nothing is left that may be tried now, or the server cannot be reached at all (S10). A refusal parks
 * its message and the rest goes on; a failure of the server holds up its own session only (S17).
 * Rejects only when the local store fails.
 */
export async function push(parts: PushParts): Promise<Result<void>> {
  for (;;) {
    const message = await parts.cache.write("message.takeNext", { except: parts.held.list() });
    if (message === null) break;
    const sent = await pushMessage(parts, message);
    if (!sent.ok) return sent;
  }
  return pushEnds(parts);
}

/** Faults that may lie in one piece of work as well as in the server: only its session waits. */
const mayBeOfItem = (code: FaultCode): boolean => code === "server" || code === "unexpected";

async function pushMessage(parts: PushParts, message: Message): Promise<Result<void>> {
  const { cache, remote, signal, held } = parts;
  const { id, sessionId, senderId, senderKind, senderName, content } = message;
  // S12: the store gives only its own user's rows; this holds should that ever fail.
  if (senderId !== remote.userId) throw new Error("a message of another user in the outbox");
  const answer = await remote.sendMessage(
    {
      id,
      sessionId,
      senderId,
      senderRole: senderKind === "patient" ? "patient" : "doctor",
      senderName,
      content,
    },
    signal,
  );
  if (answer.ok) {
    held.release(sessionId);
    await cache.write("message.sent", { id, sent: answer.value });
  } else if (kindOf(answer.fault) === "last_word") {
    held.release(sessionId);
    await cache.write("message.mark", { id, state: "refused", refusal: answer.message });
  } else {
    const isHeld = mayBeOfItem(answer.fault);
    if (isHeld) held.hold(sessionId);
    const refusal = isHeld ? answer.message : null;
    await cache.write("message.mark", { id, state: "queued", refusal });
  }
  parts.onMessage(sessionId);
  return answer.ok || kindOf(answer.fault) === "last_word" || mayBeOfItem(answer.fault)
    ? ok(undefined)
    : answer;
}

async function pushEnds(parts: PushParts): Promise<Result<void>> {
  const { cache, remote, signal, held } = parts;
  for (;;) {
    const end = await cache.write("end.takeNext", { except: held.list() });
    if (end === null) return ok(undefined);
    const { sessionId, durationSeconds, notes } = end;
    const answer = await remote.endSession({ sessionId, durationSeconds, notes }, signal);
    if (answer.ok) {
      held.release(sessionId);
      await cache.write("end.sent", { sessionId });
    } else if (kindOf(answer.fault) !== "last_word") {
      await cache.write("end.requeue", { sessionId });
      if (!mayBeOfItem(answer.fault)) return answer;
      held.hold(sessionId);
      continue;
    } else if (answer.fault === "already_ended" || answer.fault === "already_signed") {
      await cache.write("end.drop", { sessionId });
      parts.onEndRefused(answer);
    } else {
      await cache.write("end.refused", { sessionId, refusal: answer.message });
      parts.onEndRefused(answer);
    }
    parts.onSession(sessionId);
  }
}
