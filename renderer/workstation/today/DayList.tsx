import type { AppointmentItem } from "#shared/model/appointment.ts";
import { AppointmentId } from "#shared/model/ids.ts";
import { useFormat, useT } from "#renderer/i18n/Words.tsx";
import { List } from "#renderer/ui/List.tsx";
import { stateOf } from "./appointment-state.ts";
import styles from "./DayList.module.css";
import { StatePill } from "./StatePill.tsx";

export type DayListProps = {
  items: readonly AppointmentItem[];
  selected: AppointmentId | null;
  onSelect: (id: AppointmentId) => void;
  /** Enter or a double press on a row. */
  onOpen: () => void;
};

/** The appointments of one day: time, patient, type and state in rows of one height. */
export function DayList({ items, selected, onSelect, onOpen }: DayListProps) {
  const t = useT();
  const format = useFormat();
  const nameOf = (item: AppointmentItem) =>
    item.patientName ?? t("workstation.today.unknownPatient");
  return (
    <List
      label={t("workstation.today.list")}
      sections={[{ id: "day", title: null, items }]}
      idOf={(item) => item.id}
      textOf={nameOf}
      selected={selected}
      onSelect={(id) => onSelect(AppointmentId.parse(id))}
      onAction={onOpen}
    >
      {(item) => (
        <div
          className={styles.row}
          data-state={stateOf(item)}
          data-long-time={format.time(item.startsAt).length > 5 || undefined}
        >
          <time className={styles.time} dateTime={item.startsAt}>
            {format.time(item.startsAt)}
          </time>
          <span className={styles.name}>
            <bdi>{nameOf(item)}</bdi>
          </span>
          <span className={styles.state}>
            <StatePill item={item} />
          </span>
          <span className={styles.about}>
            {t(`common.type.${item.type}`)}
            {item.reason === null ? null : (
              <>
                {" · "}
                <bdi>{item.reason}</bdi>
              </>
            )}
          </span>
        </div>
      )}
    </List>
  );
}
