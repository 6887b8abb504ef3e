import { isCalledOff } from "#shared/model/appointment.ts";
import type { AppointmentId } from "#shared/model/ids.ts";
import { FaultBanner } from "#renderer/components/consultation/FaultBanner.tsx";
import { JoinConsultationButton } from "@/components/consultation/JoinConsultationButton.tsx";
import { useAppointment } from "#renderer/data/use-appointments.ts";
import type { Translate } from "#renderer/i18n/keys.ts";
import { useFormat, useT } from "#renderer/i18n/Words.tsx";
import { EmptyState } from "#renderer/ui/EmptyState.tsx";
import { Spinner } from "#renderer/ui/Spinner.tsx";
import { type AppointmentState, stateOf } from "./appointment-state.ts";
import { ageOn, dayOf, startOfDay } from "./day.ts";
import { EarlierVisits } from "./EarlierVisits.tsx";
import styles from "./PatientPanel.module.css";
import { StatePill } from "./StatePill.tsx";

export type PatientPanelProps = {
  appointmentId: AppointmentId;
  now: Date;
  /** There is no connection at the moment. */
  offline: boolean;
  onHistory: () => void;
};

/** Who comes, when and why, the button that opens the room, and what was written last time. */
export function PatientPanel({ appointmentId, now, offline, onHistory }: PatientPanelProps) {
  const t = useT();
  const format = useFormat();
  const found = useAppointment(appointmentId);

  if (found.isPending) {
    return (
      <div className={styles.panel}>
        <Spinner label={t("common.loading")} />
      </div>
    );
  }
  if (found.data === undefined) {
    return found.error?.code === "not_found" ? (
      <EmptyState title={t("workstation.panel.gone")}>{t("workstation.panel.goneBody")}</EmptyState>
    ) : (
      <div className={styles.panel}>
        <FaultBanner fault={found.error} onRetry={() => void found.refetch()} />
      </div>
    );
  }

  const { item, patient } = found.data;
  const name = item.patientName ?? patient?.name ?? t("workstation.today.unknownPatient");
  const age = ageOn(patient?.dateOfBirth ?? null, dayOf(now));
  const state = stateOf(item);
  const endsAt =
    item.durationMinutes === null
      ? null
      : new Date(Date.parse(item.startsAt) + item.durationMinutes * 60_000);
  return (
    <div className={styles.panel}>
      <header className={styles.head}>
        <h2 className={styles.name}>
          <bdi>{name}</bdi>
        </h2>
        <p className={styles.who}>
          {age === null || patient?.dateOfBirth == null
            ? t("workstation.panel.bornUnknown")
            : `${t("workstation.panel.age", { age })} · ${t("workstation.panel.born", {
                date: format.date(startOfDay(patient.dateOfBirth)),
              })}`}
        </p>
      </header>

      <dl className={styles.facts}>
        <div>
          <dt>{t("workstation.panel.when")}</dt>
          <dd className={styles.figures}>
            <time dateTime={item.startsAt} title={format.full(item.startsAt)}>
              {endsAt === null
                ? format.time(item.startsAt)
                : t("workstation.panel.between", {
                    from: format.time(item.startsAt),
                    to: format.time(endsAt),
                  })}
            </time>
            <span className={styles.away}>
              {[
                item.durationMinutes === null ? null : format.minutes(item.durationMinutes * 60),
                state === "booked" ? awayOf(item.startsAt, now, t) : null,
              ]
                .filter((part) => part !== null)
                .join(" · ")}
            </span>
          </dd>
        </div>
        <div>
          <dt>{t("workstation.panel.kind")}</dt>
          <dd>{t(`common.type.${item.type}`)}</dd>
        </div>
        <div>
          <dt>{t("workstation.panel.state")}</dt>
          <dd>
            <StatePill item={item} />
          </dd>
        </div>
        <div className={styles.wide}>
          <dt>{t("workstation.panel.reason")}</dt>
          <dd className={styles.reason}>
            <bdi>{item.reason ?? t("workstation.panel.noReason")}</bdi>
          </dd>
        </div>
      </dl>

      <div className={styles.join}>
        <JoinConsultationButton
          appointmentId={item.id}
          consultationType={item.type}
          participantName={name}
        />
        <p className={styles.hint}>
          {t(`workstation.panel.${hintOf(state, offline, isCalledOff(item))}`)}
        </p>
      </div>

      <EarlierVisits
        patientId={item.patientId}
        patientName={item.patientName}
        exceptSession={item.session?.status === "ended" ? null : (item.session?.id ?? null)}
        onHistory={onHistory}
      />
    </div>
  );
}

/** What Join will do: an open consultation can be gone back to at any time, a new one needs the server. */
const hintOf = (state: AppointmentState, offline: boolean, calledOff: boolean) => {
  if (state === "inRoom" || state === "paused") return "joinOpen";
  if (offline) return "offline";
  if (state === "ended") return "joinEnded";
  return calledOff ? "joinCalledOff" : "join";
};

/** How far away a time of today is; null for another day. */
const awayOf = (startsAt: string, now: Date, t: Translate): string | null => {
  const at = new Date(startsAt);
  if (dayOf(at) !== dayOf(now)) return null;
  const count = Math.round((at.getTime() - now.getTime()) / 60_000);
  if (count === 0) return t("workstation.panel.nowDue");
  return count > 0
    ? t("workstation.panel.inMinutes", { count })
    : t("workstation.panel.minutesAgo", { count: -count });
};
