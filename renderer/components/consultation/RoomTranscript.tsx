import { memo, useEffect, useMemo, useRef, useState } from "react";
import type { Message } from "#shared/model/message.ts";
import type { ParticipantRole, Session, SessionSummary } from "#shared/model/session.ts";
import { useT } from "#renderer/i18n/Words.tsx";
import { Button } from "#renderer/ui/Button.tsx";
import { EmptyState } from "#renderer/ui/EmptyState.tsx";
import { LiveRegion } from "#renderer/ui/LiveRegion.tsx";
import { Spinner } from "#renderer/ui/Spinner.tsx";
import { FaultBanner } from "./FaultBanner.tsx";
import styles from "./RoomTranscript.module.css";
import { TranscriptSegment } from "./TranscriptSegment.tsx";
import { useIsOwn } from "./use-is-own.ts";
import { useReadingPlace } from "./use-reading-place.ts";
import { useRoomTranscript } from "./use-room-transcript.ts";

/** How near to the top older messages are asked for, in px. */
const ASK_FROM = 400;

/** The conversation of a room, with the earlier ones of the same appointment above it. */
export const RoomTranscript = memo(function RoomTranscript({
  session,
  earlier,
  role,
  name,
}: {
  session: Session | SessionSummary;
  earlier: readonly SessionSummary[];
  role: ParticipantRole;
  name: string;
}) {
  const t = useT();
  const isOwn = useIsOwn(role);
  const transcript = useRoomTranscript(session, earlier);
  const { segments, hasOlder, isLoadingOlder, loadOlder } = transcript;
  const current = segments.at(-1)?.transcript?.messages ?? noMessages;
  const isEmpty = segments.every((one) => one.transcript?.messages.length === 0);
  const { scroller, content, isAtEnd, onScroll, toEnd } = useReadingPlace();
  const news = useNews(current, isOwn, isAtEnd, toEnd);

  const askForOlder = () => {
    const box = scroller.current;
    if (box && box.scrollTop < ASK_FROM && hasOlder && !isLoadingOlder) loadOlder();
  };
  // What does not fill the place cannot be scrolled, so it has to ask by itself.
  useEffect(() => {
    const box = scroller.current;
    const isUnfilled = box !== null && box.clientHeight > 0 && box.scrollHeight <= box.clientHeight;
    if (isUnfilled && hasOlder && !isLoadingOlder && !transcript.olderError) loadOlder();
  });

  if (transcript.error) {
    return (
      <div className={styles.state}>
        <FaultBanner fault={transcript.error} onRetry={transcript.retry} />
      </div>
    );
  }
  return (
    <div className={styles.place}>
      <div
        ref={scroller}
        className={styles.scroller}
        role="log"
        aria-live="off"
        aria-label={t("room.transcript")}
        // A region that scrolls must be reachable by keyboard.
        tabIndex={0}
        onScroll={() => {
          onScroll();
          askForOlder();
        }}
      >
        <div ref={content} className={styles.content}>
          <div className={styles.older}>
            {isLoadingOlder ? <Spinner label={t("room.loadingOlder")} /> : null}
            {transcript.olderError ? (
              <FaultBanner fault={transcript.olderError} onRetry={loadOlder} />
            ) : null}
          </div>
          {transcript.isLoading ? (
            <div className={styles.state}>
              <Spinner label={t("common.loading")} />
            </div>
          ) : (
            segments.map((segment, index) => (
              <TranscriptSegment
                key={segment.session.id}
                session={segment.session}
                messages={segment.transcript?.messages ?? noMessages}
                place={index === segments.length - 1 ? "current" : "earlier"}
                isOwn={isOwn}
              />
            ))
          )}
          {!transcript.isLoading && isEmpty && session.status !== "ended" ? (
            <EmptyState title={t("room.emptyTitle")}>
              {t(role === "doctor" ? "room.emptyDoctor" : "room.emptyPatient", { name })}
            </EmptyState>
          ) : null}
        </div>
      </div>
      {isAtEnd ? null : (
        <div className={styles.pill}>
          <Button size="normal" icon="down" onPress={toEnd}>
            {news.unread > 0 ? t("room.newMessages", { count: news.unread }) : t("room.toNewest")}
          </Button>
        </div>
      )}
      <LiveRegion text={news.said} />
    </div>
  );
});

const noMessages: readonly Message[] = [];

/** Counts what came in while the reader was elsewhere, says it aloud, and follows the reader's own words. */
function useNews(
  messages: readonly Message[],
  isOwn: (message: Message) => boolean,
  isAtEnd: boolean,
  toEnd: () => void,
): { unread: number; said: string } {
  const t = useT();
  const last = messages.at(-1);
  const seen = useRef<{ id: string | null; isKnown: boolean }>({ id: null, isKnown: false });
  const [unread, setUnread] = useState(0);
  const [said, setSaid] = useState("");
  const others = useMemo(() => messages.filter((message) => !isOwn(message)), [messages, isOwn]);
  const newest = others.at(-1);

  useEffect(() => {
    const before = seen.current;
    seen.current = { id: newest?.id ?? null, isKnown: true };
    // What was there when the room opened is no news.
    if (!before.isKnown || !newest || newest.id === before.id) return;
    const from = others.findIndex(({ id }) => id === before.id) + 1;
    setUnread((count) => count + others.length - from);
    setSaid(
      newest.type === "system"
        ? newest.content
        : t("room.says", { name: newest.senderName, text: newest.content }),
    );
  }, [newest, others, t]);

  const ownLast = last && isOwn(last) && last.delivery !== "sent" ? last.id : null;
  useEffect(() => {
    if (ownLast !== null) toEnd();
  }, [ownLast, toEnd]);

  if (isAtEnd && unread > 0) setUnread(0);
  return { unread, said };
}
