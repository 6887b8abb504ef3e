import type { SenderKind } from "#shared/model/message.ts";
import type { Message } from "#shared/model/message.ts";

/** Several messages of one sender within one minute, shown under one name and time. */
export type MessageGroup = {
  kind: "group";
  key: string;
  own: boolean;
  senderName: string;
  senderKind: SenderKind;
  at: string;
  messages: Message[];
};

export type TranscriptItem =
  | MessageGroup
  | { kind: "event"; key: string; message: Message }
  | { kind: "day"; key: string; at: string };

/**
 * Lays a transcript out for reading: messages gathered by sender and minute, events on their own,
 * a day where the calendar turns within it. Order is kept as it came.
 */
export function groupMessages(
  messages: readonly Message[],
  isOwn: (message: Message) => boolean,
  dayKey: (at: string) => string,
): TranscriptItem[] {
  const items: TranscriptItem[] = [];
  let day: string | null = null;
  let today = "";
  let quarter = Number.NaN;
  for (const message of messages) {
    // Every time zone turns its day at a quarter of an hour, and asking for the day is not cheap.
    const now = Math.floor(Date.parse(message.createdAt) / 900_000);
    if (now !== quarter) today = dayKey(message.createdAt);
    quarter = now;
    if (day !== null && today !== day) {
      items.push({ kind: "day", key: `day-${today}-${message.id}`, at: message.createdAt });
    }
    day = today;
    if (message.type === "system" || message.senderKind === "system") {
      items.push({ kind: "event", key: message.id, message });
      continue;
    }
    const last = items.at(-1);
    if (last?.kind === "group" && belongs(last, message)) {
      last.messages.push(message);
    } else {
      items.push({
        kind: "group",
        key: message.id,
        own: isOwn(message),
        senderName: message.senderName,
        senderKind: message.senderKind,
        at: message.createdAt,
        messages: [message],
      });
    }
  }
  return items;
}

const belongs = (group: MessageGroup, message: Message) =>
  group.messages[0]!.senderId === message.senderId &&
  group.senderKind === message.senderKind &&
  minuteOf(group.at) === minuteOf(message.createdAt);

const minuteOf = (at: string) => Math.floor(Date.parse(at) / 60_000);
