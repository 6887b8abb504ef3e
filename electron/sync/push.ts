import { ok, type Fault, type Result } from "#shared/contract/fault.ts";
import type { SessionId } from "#shared/model/ids.ts";
import type { Message } from "#shared/model/message.ts";
import type { Cache } from "#electron/cache/cache.ts";
import { kindOf } from "./fault-kind.ts";
import type { Remote } from "./remote-port.ts";

export type PushParts = {
  cache: Cache;
  remote: Remote;
  signal: AbortSignal;
  onMessage(sessionId: SessionId): void;
  onSession(sessionId: SessionId): void;
  /** An end was turned down; its notes are in the draft again. */
  onEndRefused(refusal: Fault): void;
};

/**
 * Sends what waits in the outbox, oldest first, until it is empty or something does not get
 * through (S10). A refusal parks its message and the rest goes on. Rejects only when the local
 * store fails.
 */
export async function push(parts: PushParts): Promise<Result<void>> {
  for (;;) {
    const message = await parts.cache.write("message.takeNext", {});
    if (message === null) break;
    const sent = await pushMessage(parts, message);
    if (!sent.ok) return sent;
  }
  return pushEnds(parts);
}

async function pushMessage(parts: PushParts, message: Message): Promise<Result<void>> {
  const { cache, remote, signal } = parts;
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
    await cache.write("message.sent", { id, sent: answer.value });
  } else if (kindOf(answer.fault) === "last_word") {
    await cache.write("message.mark", { id, state: "refused", refusal: answer.message });
  } else {
    await cache.write("message.mark", { id, state: "queued", refusal: null });
  }
  parts.onMessage(sessionId);
  return answer.ok || kindOf(answer.fault) === "last_word" ? ok(undefined) : answer;
}

async function pushEnds(parts: PushParts): Promise<Result<void>> {
  const { cache, remote, signal } = parts;
  for (;;) {
    const end = await cache.write("end.takeNext", {});
    if (end === null) return ok(undefined);
    const { sessionId, durationSeconds, notes } = end;
    const answer = await remote.endSession({ sessionId, durationSeconds, notes }, signal);
    if (answer.ok) {
      await cache.write("end.sent", { sessionId });
    } else if (kindOf(answer.fault) !== "last_word") {
      await cache.write("end.requeue", { sessionId });
      return answer;
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
