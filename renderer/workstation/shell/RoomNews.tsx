import type { AppointmentId } from "#shared/model/ids.ts";
import { useFormat, useT } from "#renderer/i18n/Words.tsx";
import { LiveRegion } from "#renderer/ui/LiveRegion.tsx";
import { VisuallyHidden } from "#renderer/ui/VisuallyHidden.tsx";
import styles from "./Rail.module.css";
import { useRoomNews } from "./use-room-news.ts";

/** The count of what has come into the open room meanwhile; it is also said aloud, without moving the focus. */
export function RoomNews({
  appointmentId,
  isShown,
}: {
  appointmentId: AppointmentId;
  isShown: boolean;
}) {
  const t = useT();
  const format = useFormat();
  const count = useRoomNews(appointmentId, isShown);
  return (
    <>
      {count === 0 ? null : (
        <span className={styles.news}>
          <span aria-hidden="true">{format.number(count)}</span>
          <VisuallyHidden>{t("room.newMessages", { count })}</VisuallyHidden>
        </span>
      )}
      <LiveRegion text={count === 0 ? "" : t("workstation.nav.news", { count })} />
    </>
  );
}
