import { replaceCalendar } from "./appointments.ts";
import { saveDraft } from "./drafts.ts";
import { adoptEpoch, applyPage, applySessionPage } from "./feed.ts";
import { growSession, keepSession } from "./live-session.ts";
import { markEndRefused, markEndSent, queueEnd } from "./outbox-ends.ts";
import {
  discardMessage,
  markMessage,
  markMessageSent,
  queueMessage,
  retryMessage,
} from "./outbox-messages.ts";

/** Everything that the writer thread does. What touches the outbox is on the disk before the reply. */
export const writes = {
  "message.queue": queueMessage,
  "message.retry": retryMessage,
  "message.discard": discardMessage,
  "message.mark": markMessage,
  "message.sent": markMessageSent,
  "end.queue": queueEnd,
  "end.sent": markEndSent,
  "end.refused": markEndRefused,
  "draft.save": saveDraft,
  "session.keep": keepSession,
  "session.grow": growSession,
  "feed.adoptEpoch": adoptEpoch,
  "feed.applyPage": applyPage,
  "feed.applySessionPage": applySessionPage,
  "calendar.replace": replaceCalendar,
} as const;

export type Writes = typeof writes;
