import { ConsultationRoom } from "#renderer/components/consultation/ConsultationRoom.tsx";
import type { AppointmentItem } from "#shared/model/appointment.ts";
import type { Person } from "#shared/model/person.ts";
import styles from "./Room.module.css";
import { goTo } from "./use-place.ts";

/** The room, over the whole page. */
export function Room({ appointment, person }: { appointment: AppointmentItem; person: Person }) {
  return (
    <div className={styles.room}>
      <ConsultationRoom
        appointmentId={appointment.id}
        consultationType={appointment.type}
        participantName={person.name}
        participantRole="patient"
        onEndCall={() => goTo({ name: "goodbye", appointmentId: appointment.id })}
      />
    </div>
  );
}
