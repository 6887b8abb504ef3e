import { ConsultationRoom } from "#renderer/components/consultation/ConsultationRoom.tsx";
import type { AppointmentItem } from "#shared/model/appointment.ts";
import { useT } from "#renderer/i18n/Words.tsx";
import styles from "./Room.module.css";
import { goTo } from "./use-place.ts";

/** The room, over the whole page. */
export function Room({ appointment }: { appointment: AppointmentItem }) {
  const t = useT();
  return (
    <div className={styles.room}>
      <ConsultationRoom
        appointmentId={appointment.id}
        consultationType={appointment.type}
        participantName={appointment.doctorName ?? t("common.unknownDoctor")}
        participantRole="patient"
        onEndCall={() => goTo({ name: "goodbye", appointmentId: appointment.id })}
      />
    </div>
  );
}
