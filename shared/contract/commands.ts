import { z } from "zod";
import { MessageId, SessionId } from "../model/ids.ts";
import { CacheLimits } from "./queries.ts";
import { MAX_MESSAGE_LENGTH, Message } from "../model/message.ts";

const none = z.object({});

/** The text of one message, kept as it was typed; only a blank one is refused. */
const text = z
  .string()
  .max(MAX_MESSAGE_LENGTH)
  .refine((typed) => typed.trim() !== "", "blank");

/** Writes. In the workstation they are durable in the outbox before the reply, which does not wait for Supabase. */
export const commands = {
  "message.send": {
    in: z.object({
      id: MessageId,
      sessionId: SessionId,
      content: text,
    }),
    out: Message,
  },
  /** Puts a refused message back into the queue, with its text changed where one is given. */
  "message.retry": {
    in: z.object({
      id: MessageId,
      content: text.optional(),
    }),
    out: Message,
  },
  /** Throws a message away that has not been sent. */
  "message.discard": { in: z.object({ id: MessageId }), out: none },
  /** Ends a session. Idempotent; omitted notes erase nothing. */
  "session.end": {
    in: z.object({
      sessionId: SessionId,
      durationSeconds: z.int().nonnegative(),
      notes: z.string().max(100_000).optional(),
    }),
    out: none,
  },
  /** Sends the refused end of a session again, with its notes as they are now. */
  "end.retry": { in: z.object({ sessionId: SessionId }), out: none },
  /**
   * Throws away the refused end of a session, or notes that were never saved. Notes of an end go back
   * to the draft where the session can still be seen.
   */
  "end.discard": { in: z.object({ sessionId: SessionId }), out: none },
  /** Sets how much of the past is kept on this machine; the oldest ended sessions leave first. */
  "cache.limit": { in: CacheLimits, out: none },
  /** Keeps what is being typed, so that no crash loses it; an empty text clears it. */
  "draft.save": {
    in: z.object({
      sessionId: SessionId,
      field: z.enum(["message", "notes"]),
      text: z.string().max(100_000),
    }),
    out: none,
  },
} as const satisfies Record<string, { in: z.ZodType; out: z.ZodType }>;

export type Commands = typeof commands;
