import { z } from "zod";
import { MessageId, SessionId, UserId } from "./ids.ts";
import { timestamp } from "./time.ts";

export const MessageType = z.enum(["text", "file", "system"]);
export type MessageType = z.infer<typeof MessageType>;

export const SenderKind = z.enum(["patient", "doctor", "guest", "system"]);
export type SenderKind = z.infer<typeof SenderKind>;

/** The longest text of one message, in UTF-16 code units; the server holds the same limit. */
export const MAX_MESSAGE_LENGTH = 10_000;

/**
 * Where a message is on its way to the server.
 * `queued` waits on this machine, `sending` is on its way, `sent` is on the server,
 * `refused` was turned down for good and waits for the author (edit, retry or discard).
 */
export const Delivery = z.enum(["queued", "sending", "sent", "refused"]);
export type Delivery = z.infer<typeof Delivery>;

/** One line of a transcript, from the server or still in the outbox. */
export const Message = z.object({
  id: MessageId,
  sessionId: SessionId,
  /** Gapless number within the session, from 1; null until the server has given one. */
  seq: z.int().positive().nullable(),
  senderId: UserId.nullable(),
  senderKind: SenderKind,
  senderName: z.string(),
  type: MessageType,
  content: z.string(),
  fileUrl: z.string().nullable(),
  createdAt: timestamp,
  /** Hidden by its author as a mistake, never deleted. */
  enteredInErrorAt: timestamp.nullable(),
  delivery: Delivery,
  /** Why the server refused it, in words for the author; null unless `refused`. */
  refusal: z.string().nullable(),
});
export type Message = z.infer<typeof Message>;
