import { v7 } from "uuid";
import { z } from "zod";

// As PostgreSQL takes them: a clinic's own ids need not carry a version of the standard.
const id = <Brand extends string>() => z.guid().brand<Brand>();

export const SessionId = id<"SessionId">();
export const MessageId = id<"MessageId">();
export const AppointmentId = id<"AppointmentId">();
export const UserId = id<"UserId">();
export const RecordingId = id<"RecordingId">();

export type SessionId = z.infer<typeof SessionId>;
export type MessageId = z.infer<typeof MessageId>;
export type AppointmentId = z.infer<typeof AppointmentId>;
export type UserId = z.infer<typeof UserId>;
export type RecordingId = z.infer<typeof RecordingId>;

/** Makes a message id (UUID v7). Ids are made by the client, so that every retry is idempotent. */
export const newMessageId = (): MessageId => MessageId.parse(v7());
