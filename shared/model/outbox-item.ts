import { z } from "zod";
import { AppointmentId, MessageId, SessionId } from "./ids.ts";
import { ConsultationType, SessionStatus } from "./session.ts";
import { timestamp } from "./time.ts";

/** What of a piece of work that is not on the server can be seen, whichever kind it is. */
const common = {
  sessionId: SessionId,
  /** The consultation as far as this machine may still show it; null once access was taken away. */
  consultation: z
    .object({
      appointmentId: AppointmentId,
      type: ConsultationType,
      status: SessionStatus,
      personName: z.string().nullable(),
    })
    .nullable(),
  /** Why the server refused it, in words for the author. */
  reason: z.string().nullable(),
};

/**
 * One piece of work that exists only on this machine: a message, the end of a session, or notes that
 * were typed and never saved. `refused` waits for its author; the others go out by themselves, save
 * `unsaved`, which nobody has sent.
 */
export const OutboxItem = z.discriminatedUnion("kind", [
  z.object({
    ...common,
    kind: z.literal("message"),
    id: MessageId,
    content: z.string(),
    state: z.enum(["queued", "sending", "refused"]),
    createdAt: timestamp,
  }),
  z.object({
    ...common,
    kind: z.literal("end"),
    id: SessionId,
    state: z.enum(["queued", "sending", "refused"]),
    createdAt: timestamp,
  }),
  z.object({
    ...common,
    kind: z.literal("notes"),
    id: SessionId,
    state: z.literal("unsaved"),
    createdAt: z.null(),
  }),
]);
export type OutboxItem = z.infer<typeof OutboxItem>;
