import { replaceCalendar } from "./appointments.ts";
import { saveDraft } from "./drafts.ts";
import { adoptEpoch, applyPage, applySessionPage, dropBackfill, leaveHistory } from "./feed.ts";
import { setLimits, trimCache } from "./limits.ts";
import { growSession, keepSession } from "./live-session.ts";
import {
  dropEnd,
  markEndQueued,
  markEndRefused,
  markEndSent,
  queueEnd,
  takeNextEnd,
} from "./outbox-ends.ts";
import {
  discardMessage,
  markMessage,
  markMessageSent,
  queueMessage,
  retryMessage,
  takeNextMessage,
} from "./outbox-messages.ts";
import { discardEnd, retryEnd } from "./outbox-parked.ts";
import type { Writing } from "./stores.ts";
import { tellMessage, tellSession } from "./told.ts";

/** Everything that the writer thread does. What touches the outbox is on the disk before the reply. */
export const writes = {
  "message.queue": queueMessage,
  "message.retry": retryMessage,
  "message.discard": discardMessage,
  "message.takeNext": takeNextMessage,
  "message.mark": markMessage,
  "message.sent": markMessageSent,
  "end.queue": queueEnd,
  "end.takeNext": takeNextEnd,
  "end.retry": retryEnd,
  "end.discard": discardEnd,
  "end.requeue": markEndQueued,
  "end.drop": dropEnd,
  "end.sent": markEndSent,
  "end.refused": markEndRefused,
  "draft.save": saveDraft,
  "told.message": tellMessage,
  "told.session": tellSession,
  "session.keep": keepSession,
  "session.grow": growSession,
  "cache.limit": setLimits,
  "cache.trim": trimCache,
  "feed.adoptEpoch": adoptEpoch,
  "feed.leaveHistory": (db: Writing) => leaveHistory(db),
  "feed.applyPage": applyPage,
  "feed.applySessionPage": applySessionPage,
  "feed.dropBackfill": dropBackfill,
  "calendar.replace": replaceCalendar,
} as const;

export type Writes = typeof writes;
