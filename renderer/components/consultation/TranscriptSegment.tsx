import { memo, useMemo } from "react";
import type { Message } from "#shared/model/message.ts";
import type { Session, SessionSummary } from "#shared/model/session.ts";
import { useFormat, useT } from "#renderer/i18n/Words.tsx";
import { groupMessages } from "./group-messages.ts";
import { MessageGroupView } from "./MessageGroupView.tsx";
import styles from "./TranscriptSegment.module.css";

export type TranscriptSegmentProps = {
  session: Session | SessionSummary;
  messages: readonly Message[];
  /** Among the others of a room, or alone in the history, where the header says when it was. */
  place: "current" | "earlier" | "alone";
  isOwn: (message: Message) => boolean;
};

/** One consultation of a transcript, opened by a divider that says when it was. */
export const TranscriptSegment = memo(function TranscriptSegment({
  session,
  messages,
  place,
  isOwn,
}: TranscriptSegmentProps) {
  const t = useT();
  const format = useFormat();
  const items = useMemo(
    () => groupMessages(messages, isOwn, format.dayKey),
    [messages, isOwn, format],
  );
  const isCurrent = place === "current";
  const lastOwn = useMemo(
    () => (isCurrent ? (messages.findLast(isOwn)?.id ?? null) : null),
    [isCurrent, messages, isOwn],
  );
  return (
    <div className={styles.segment}>
      {place === "alone" ? null : (
        <Divider
          at={session.startedAt}
          label={t(isCurrent ? "room.thisOne" : "room.earlier", {
            day: format.relativeDay(session.startedAt),
            time: format.time(session.startedAt),
          })}
        />
      )}
      {items.map((item) => {
        if (item.kind === "day") {
          return <Divider key={item.key} at={item.at} label={format.relativeDay(item.at)} />;
        }
        if (item.kind === "event") {
          return (
            <p key={item.key} className={styles.event} data-place={item.message.id}>
              <span dir="auto">{item.message.content}</span>{" "}
              <time dateTime={item.message.createdAt} title={format.full(item.message.createdAt)}>
                {format.time(item.message.createdAt)}
              </time>
            </p>
          );
        }
        return <MessageGroupView key={item.key} group={item} lastOwn={lastOwn} />;
      })}
      {place === "earlier" && session.notes ? (
        <div className={styles.notes}>
          <h3>{t("room.earlierNotes")}</h3>
          <p dir="auto">{session.notes}</p>
        </div>
      ) : null}
    </div>
  );
});

function Divider({ at, label }: { at: string; label: string }) {
  const format = useFormat();
  return (
    <h3 className={styles.divider}>
      <time dateTime={at} title={format.full(at)}>
        {label}
      </time>
    </h3>
  );
}
