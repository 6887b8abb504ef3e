import { memo } from "react";
import type { Message } from "#shared/model/message.ts";
import { useFormat, useT } from "#renderer/i18n/Words.tsx";
import { DeliveryState } from "./DeliveryState.tsx";
import type { MessageGroup } from "./group-messages.ts";
import styles from "./MessageGroupView.module.css";
import { RefusedMessage } from "./RefusedMessage.tsx";

/** What one sender said within a minute, under one name and time. */
export const MessageGroupView = memo(function MessageGroupView({ group, lastOwn }: Props) {
  const t = useT();
  const format = useFormat();
  return (
    <div className={styles.group} data-own={group.own || undefined}>
      <p className={styles.head}>
        <span className={styles.sender} dir="auto">
          {group.own ? t("room.you") : group.senderName}
        </span>
        <time dateTime={group.at} title={format.full(group.at)}>
          {format.time(group.at)}
        </time>
      </p>
      {group.messages.map((message) => (
        <div
          key={message.id}
          className={styles.message}
          data-message={message.id}
          data-place={message.id}
        >
          <Words message={message} />
          {group.own && message.delivery === "refused" ? (
            <RefusedMessage message={message} />
          ) : group.own && (message.delivery !== "sent" || message.id === lastOwn) ? (
            <DeliveryState delivery={message.delivery} />
          ) : null}
        </div>
      ))}
    </div>
  );
}, isSameGroup);

type Props = {
  group: MessageGroup;
  /** The reader's last message: the only one whose arrival is told, since it tells of all before it. */
  lastOwn: string | null;
};

/** Whether two groups look alike; a message that is as it was is the same object (see `renewTranscript`). */
function isSameGroup(before: Props, after: Props): boolean {
  const [a, b] = [before.group, after.group];
  return (
    a.own === b.own &&
    a.key === b.key &&
    a.messages.length === b.messages.length &&
    a.messages.every((message, index) => message === b.messages[index]) &&
    (before.lastOwn === after.lastOwn ||
      a.messages.every(({ id }) => id !== before.lastOwn && id !== after.lastOwn))
  );
}

function Words({ message }: { message: Message }) {
  const t = useT();
  if (message.enteredInErrorAt !== null) {
    return <p className={`${styles.words} ${styles.removed}`}>{t("room.enteredInError")}</p>;
  }
  return (
    <p className={styles.words} dir="auto" data-delivery={message.delivery}>
      {message.content}
    </p>
  );
}
