import type { SessionId, UserId } from "../model/ids.ts";

/** The private topic on which a user hears hints about his own sessions and appointments. */
export const userTopic = (userId: UserId | string): string => `user:${userId}`;

/**
 * The private topic of an open room. The key rotates when somebody's access is revoked, because
 * Realtime asks the policies only once per channel and token.
 */
export const sessionTopic = (sessionId: SessionId | string, topicKey: string): string =>
  `session:${sessionId}:${topicKey}`;
