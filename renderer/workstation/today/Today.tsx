import { useEffect, useRef } from "react";
import type { AppointmentId } from "#shared/model/ids.ts";
import { FaultBanner } from "#renderer/components/consultation/FaultBanner.tsx";
import { useSyncState } from "#renderer/data/use-account.ts";
import { useAppointments } from "#renderer/data/use-appointments.ts";
import { useFormat, useT } from "#renderer/i18n/Words.tsx";
import { Button } from "#renderer/ui/Button.tsx";
import { EmptyState } from "#renderer/ui/EmptyState.tsx";
import { IconButton } from "#renderer/ui/IconButton.tsx";
import { Spinner } from "#renderer/ui/Spinner.tsx";
import { focusRegion } from "../shell/regions.ts";
import { useNow } from "../use-now.ts";
import { pickFirst } from "./appointment-state.ts";
import { type Day, addDays, boundsOf, dayOf, startOfDay } from "./day.ts";
import { DayList } from "./DayList.tsx";
import { PatientPanel } from "./PatientPanel.tsx";
import styles from "./Today.module.css";

export type TodayProps = {
  /** The day on show; null is the day that it is, also after midnight. */
  day: Day | null;
  appointmentId: AppointmentId | null;
  /** Whether it is on show: from behind it must not lead the window anywhere. */
  isActive: boolean;
  /** Shows another day or chooses another row; `replace` where it was not the person who asked. */
  onShow: (day: Day | null, id: AppointmentId | null, how?: "push" | "replace") => void;
  onHistory: () => void;
};

/** One day's appointments on the one side, who comes on the other. */
export function Today({ day, appointmentId, isActive, onShow, onHistory }: TodayProps) {
  const t = useT();
  const format = useFormat();
  const now = useNow();
  const today = dayOf(now);
  const shown = day ?? today;
  const panel = useRef<HTMLElement>(null);
  const { from, to } = boundsOf(shown);
  const list = useAppointments(from, to);
  const sync = useSyncState();
  const items = list.data?.items;
  const offline = sync.data !== undefined && sync.data.connection !== "online";

  useEffect(() => {
    if (!isActive || appointmentId !== null || items === undefined) return;
    const first = shown === today ? pickFirst(items, new Date()) : items[0];
    if (first != null) onShow(day, first.id, "replace");
  }, [isActive, appointmentId, items, shown, today, day, onShow]);

  const show = (other: Day) => onShow(other === today ? null : other, null);
  const date = startOfDay(shown);

  return (
    <div className={styles.today}>
      <section className={styles.list} aria-labelledby="today-title" data-region tabIndex={-1}>
        <header className={styles.head}>
          <div className={styles.words}>
            <h1 id="today-title" tabIndex={-1} className={styles.title}>
              {shown === today ? t("common.today") : format.longDay(date)}
            </h1>
            <p className={styles.date}>
              {shown === today
                ? format.longDay(date)
                : shown === addDays(today, -1)
                  ? t("common.yesterday")
                  : shown === addDays(today, 1)
                    ? t("workstation.today.tomorrow")
                    : null}
            </p>
          </div>
          <div className={styles.days}>
            <Button
              variant="quiet"
              className={styles.back}
              isDisabled={shown === today}
              onPress={() => onShow(null, null)}
            >
              {t("workstation.today.toToday")}
            </Button>
            <IconButton
              icon="back"
              label={t("workstation.today.previous")}
              onPress={() => show(addDays(shown, -1))}
            />
            <IconButton
              icon="forward"
              label={t("workstation.today.next")}
              onPress={() => show(addDays(shown, 1))}
            />
          </div>
        </header>
        <div className={styles.rows}>
          {list.isPending ? (
            <div className={styles.wait}>
              <Spinner label={t("workstation.today.loading")} />
            </div>
          ) : list.data === undefined ? (
            <FaultBanner fault={list.error} onRetry={() => void list.refetch()} />
          ) : list.data.items.length > 0 ? (
            <DayList
              items={list.data.items}
              selected={appointmentId}
              onSelect={(id) => onShow(day, id, "replace")}
              onOpen={() => {
                if (panel.current !== null) focusRegion(panel.current);
              }}
            />
          ) : list.data.asOf === null ? (
            <EmptyState title={t("workstation.today.neverTitle")}>
              {t("workstation.today.neverBody")}
            </EmptyState>
          ) : (
            <EmptyState title={t("workstation.today.emptyTitle")}>
              {t("workstation.today.emptyBody")}
            </EmptyState>
          )}
        </div>
        {/* Always there, so that the list does not jump when the connection goes. */}
        <p className={styles.foot}>
          {offline && list.data?.asOf != null
            ? t("workstation.today.offlineAsOf", { time: format.moment(list.data.asOf) })
            : null}
        </p>
      </section>
      <section
        ref={panel}
        className={styles.panel}
        aria-label={t("workstation.panel.label")}
        data-region={appointmentId === null ? undefined : true}
        tabIndex={-1}
      >
        {appointmentId === null ? null : (
          <PatientPanel
            key={appointmentId}
            appointmentId={appointmentId}
            now={now}
            offline={offline}
            onHistory={onHistory}
          />
        )}
      </section>
    </div>
  );
}
