import { useEffect, useEffectEvent, type ReactNode, type RefObject } from "react";
import type { SessionId } from "#shared/model/ids.ts";
import type { SessionSummary } from "#shared/model/session.ts";
import { useAccount } from "#renderer/data/use-account.ts";
import { useMessages } from "#renderer/data/use-messages.ts";
import { useSession } from "#renderer/data/use-sessions.ts";
import { useFormat, useT } from "#renderer/i18n/Words.tsx";
import { Button } from "#renderer/ui/Button.tsx";
import { EmptyState } from "#renderer/ui/EmptyState.tsx";
import { IconButton } from "#renderer/ui/IconButton.tsx";
import { Spinner } from "#renderer/ui/Spinner.tsx";
import { FaultBanner } from "./FaultBanner.tsx";
import styles from "./HistoryRecord.module.css";
import { otherSideOf, SessionState } from "./HistoryRow.tsx";
import { TranscriptSegment } from "./TranscriptSegment.tsx";
import { useIsOwn } from "./use-is-own.ts";

/** Up to how many messages a record is read whole by itself; what lies before is asked for by hand. */
const WHOLE = 1_000;

/** One consultation, to be read: transcript, notes and times. Escape goes back. */
export function HistoryRecord({
  sessionId,
  recordRef,
  onBack,
}: {
  sessionId: SessionId;
  recordRef: RefObject<HTMLElement | null>;
  onBack: () => void;
}) {
  const t = useT();
  const { data, error, refetch } = useSession(sessionId);
  const session = data?.session;
  useEscape(recordRef, onBack);
  return (
    <article
      ref={recordRef}
      className={styles.record}
      // Enter in the list brings the reader here; arrows then scroll.
      tabIndex={-1}
      aria-label={t("history.region")}
    >
      <div className={styles.back}>
        <IconButton
          icon="back"
          label={t("history.backToList")}
          shortcut="Escape"
          onPress={onBack}
        />
      </div>
      {session ? (
        <RecordBody session={session} />
      ) : error ? (
        <FaultBanner fault={error} onRetry={() => void refetch()} />
      ) : (
        <Spinner label={t("common.loading")} />
      )}
    </article>
  );
}

function RecordBody({ session }: { session: SessionSummary }) {
  const t = useT();
  const format = useFormat();
  const me = useAccount().data?.person?.id ?? null;
  return (
    <>
      <header className={styles.header}>
        <h2 className={styles.name}>
          <bdi>{otherSideOf(session, me, t)}</bdi>
        </h2>
        <p className={styles.facts}>
          <span>{t(`common.type.${session.type}`)}</span>
          <span>
            {format.relativeDay(session.startedAt)} · {format.time(session.startedAt)}
          </span>
          <span>{format.minutes(session.durationSeconds)}</span>
          <SessionState session={session} />
        </p>
      </header>
      <div className={styles.columns}>
        <section className={styles.transcript} aria-label={t("history.transcript")}>
          <RecordTranscript session={session} isPatient={session.patientId === me} />
        </section>
        <aside className={styles.side}>
          <h3 className={styles.heading}>{t("history.notes")}</h3>
          {session.notes ? (
            <p className={styles.notes} dir="auto">
              {session.notes}
            </p>
          ) : (
            <p className={styles.none}>{t("history.noNotes")}</p>
          )}
          <h3 className={styles.heading}>{t("history.timings")}</h3>
          <dl className={styles.timings}>
            <Fact name={t("history.started")}>{format.moment(session.startedAt)}</Fact>
            <Fact name={t("history.ended")}>
              {session.endedAt ? format.moment(session.endedAt) : t("history.notEnded")}
            </Fact>
            <Fact name={t("history.lasted")}>{format.clock(session.durationSeconds)}</Fact>
            <Fact name={t("history.messages")}>{format.number(session.lastSeq)}</Fact>
          </dl>
        </aside>
      </div>
    </>
  );
}

function RecordTranscript({ session, isPatient }: { session: SessionSummary; isPatient: boolean }) {
  const t = useT();
  const isOwn = useIsOwn(isPatient ? "patient" : "doctor");
  const { data, error, retry, loadOlder, isLoadingOlder, olderError } = useMessages(session.id);
  const isShort = data !== undefined && data.more && data.messages.length < WHOLE;
  const readsOn = isShort && olderError === null;
  useEffect(() => {
    if (readsOn && !isLoadingOlder) void loadOlder();
  }, [readsOn, isLoadingOlder, loadOlder]);

  if (data === undefined) {
    return error ? (
      <FaultBanner fault={error} onRetry={retry} />
    ) : (
      <Spinner label={t("common.loading")} />
    );
  }
  // A record is read from its beginning, so it is shown when its beginning is there.
  if (readsOn) return <Spinner label={t("common.loading")} />;
  return (
    <>
      {olderError ? <FaultBanner fault={olderError} onRetry={() => void loadOlder()} /> : null}
      {data.more && !olderError ? (
        <Button variant="quiet" isPending={isLoadingOlder} onPress={() => void loadOlder()}>
          {t("history.older")}
        </Button>
      ) : null}
      {data.messages.length === 0 ? (
        <EmptyState title={t("history.noMessages")} />
      ) : (
        <TranscriptSegment session={session} messages={data.messages} place="alone" isOwn={isOwn} />
      )}
    </>
  );
}

/** Calls back when Escape is pressed inside an element. */
function useEscape(element: RefObject<HTMLElement | null>, onEscape: () => void): void {
  const heard = useEffectEvent(onEscape);
  useEffect(() => {
    const inside = element.current;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Escape") heard();
    };
    inside?.addEventListener("keydown", onKeyDown);
    return () => inside?.removeEventListener("keydown", onKeyDown);
  }, [element]);
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
