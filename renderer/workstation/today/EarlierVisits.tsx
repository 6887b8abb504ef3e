import type { SessionId, UserId } from "#shared/model/ids.ts";
import { FaultBanner } from "#renderer/components/consultation/FaultBanner.tsx";
import { toFault } from "#renderer/data/fault-error.ts";
import { useSessions } from "#renderer/data/use-sessions.ts";
import { useFormat, useT } from "#renderer/i18n/Words.tsx";
import { Button } from "#renderer/ui/Button.tsx";
import styles from "./EarlierVisits.module.css";

const SHOWN = 3;

/** The last few ended consultations with a patient, with what was noted, from this computer's records. */
export function EarlierVisits({
  patientId,
  patientName,
  exceptSession,
  onHistory,
}: {
  patientId: UserId;
  patientName: string | null;
  exceptSession: SessionId | null;
  onHistory: () => void;
}) {
  const t = useT();
  const format = useFormat();
  // Records are searched by name; people of the same name are told apart here.
  const found = useSessions(patientName === null ? {} : { person: patientName });
  const visits = (found.data?.items ?? [])
    .filter((one) => one.patientId === patientId && one.status === "ended")
    .filter((one) => one.id !== exceptSession)
    .slice(0, SHOWN);

  return (
    <section className={styles.earlier} aria-labelledby="earlier-title">
      <header className={styles.head}>
        <h3 id="earlier-title" className={styles.title}>
          {t("workstation.panel.earlier")}
        </h3>
        {visits.length === 0 ? null : (
          <Button variant="quiet" className={styles.all} onPress={onHistory}>
            {t("workstation.panel.allEarlier")}
          </Button>
        )}
      </header>
      {found.error !== null && found.data === undefined ? (
        <FaultBanner fault={toFault(found.error)} onRetry={() => void found.refetch()} />
      ) : found.isPending ? null : visits.length === 0 ? (
        <p className={styles.none}>{t("workstation.panel.noEarlier")}</p>
      ) : (
        <ul className={styles.visits}>
          {visits.map((visit) => (
            <li key={visit.id} className={styles.visit}>
              <p className={styles.when}>
                <time dateTime={visit.startedAt} title={format.full(visit.startedAt)}>
                  {format.day(visit.startedAt)}
                </time>
                {` · ${t(`common.type.${visit.type}`)} · ${format.minutes(visit.durationSeconds)}`}
              </p>
              <p className={styles.notes} dir="auto" data-none={visit.notes === null || undefined}>
                {visit.notes ?? t("workstation.panel.noNotes")}
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
