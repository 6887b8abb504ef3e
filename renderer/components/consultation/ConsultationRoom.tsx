import type { AppointmentId } from "#shared/model/ids.ts";
import type { ConsultationType, ParticipantRole } from "#shared/model/session.ts";
import { ConsultationProviders } from "./ConsultationProviders.tsx";
import { RoomScreen } from "./RoomScreen.tsx";

export type ConsultationRoomProps = {
  appointmentId: string;
  consultationType: ConsultationType;
  /** The name of the other side, shown where the clinic's records do not give one. */
  participantName: string;
  /** Which side the person at this screen is. */
  participantRole: ParticipantRole;
  /** The reader is done here: the doctor has finished it, or somebody leaves. Leaving alone ends nothing. */
  onEndCall: () => void;
};

/** A consultation from its start to its end: it opens by itself, keeps its place, and survives a lost connection. */
export function ConsultationRoom({ appointmentId, ...rest }: ConsultationRoomProps) {
  return (
    <ConsultationProviders>
      {/* Another appointment is another room: nothing of the one before may stay. */}
      <RoomScreen key={appointmentId} appointmentId={appointmentId as AppointmentId} {...rest} />
    </ConsultationProviders>
  );
}
