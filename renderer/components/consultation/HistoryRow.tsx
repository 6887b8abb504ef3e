import type { SessionSummary } from "#shared/model/session.ts";
import type { Translate } from "#renderer/i18n/keys.ts";
import { useFormat, useT } from "#renderer/i18n/Words.tsx";
import { StatusPill } from "#renderer/ui/StatusPill.tsx";
import styles from "./HistoryRow.module.css";

/** The name of whoever the reader spoke with; the word for that side where no record gives one. */
export const otherSideOf = (session: SessionSummary, me: string | null, t: Translate): string =>
  session.patientId === me
    ? (session.doctorName ?? t("common.unknownDoctor"))
    : (session.patientName ?? t("common.unknownPatient"));

/** One consultation in the list: who, when, what kind, how long; its state where it has not simply ended. */
export function HistoryRow({ session, name }: { session: SessionSummary; name: string }) {
  const t = useT();
  const format = useFormat();
  return (
    <div className={styles.row}>
      <span className={styles.name}>
        <bdi>{name}</bdi>
      </span>
      <time className={styles.time} dateTime={session.startedAt}>
        {format.time(session.startedAt)}
      </time>
      <span className={styles.facts}>
        {t(`common.type.${session.type}`)} · {format.minutes(session.durationSeconds)}
      </span>
      <span className={styles.state}>
        <SessionState session={session} />
      </span>
    </div>
  );
}

/** The state of a consultation where it is worth a word: one that has ended and is safe says nothing. */
export function SessionState({ session }: { session: SessionSummary }) {
  const t = useT();
  if (session.endQueued) {
    return (
      <StatusPill plain tone="warning" shape="quarter">
        {t("history.endQueued")}
      </StatusPill>
    );
  }
  if (session.status === "active") {
    return (
      <StatusPill plain tone="ok" shape="dot">
        {t("common.status.active")}
      </StatusPill>
    );
  }
  if (session.status === "paused") {
    return (
      <StatusPill plain tone="warning" shape="bars">
        {t("common.status.paused")}
      </StatusPill>
    );
  }
  return null;
}
