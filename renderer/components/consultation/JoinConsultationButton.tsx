import { useState } from "react";
import type { AppointmentId } from "#shared/model/ids.ts";
import type { ConsultationType } from "#shared/model/session.ts";
import { useAccount } from "#renderer/data/use-account.ts";
import { useAppointment } from "#renderer/data/use-appointments.ts";
import { useT } from "#renderer/i18n/Words.tsx";
import { Button } from "#renderer/ui/Button.tsx";
import { Dialog } from "#renderer/ui/Dialog.tsx";
import { Spinner } from "#renderer/ui/Spinner.tsx";
import { ConsultationLook, ConsultationProviders } from "./ConsultationProviders.tsx";
import { ConsultationRoom } from "./ConsultationRoom.tsx";
import { FaultBanner } from "./FaultBanner.tsx";
import styles from "./JoinConsultationButton.module.css";
import { useJoinTarget } from "./join-target.tsx";

export type JoinConsultationButtonProps = {
  appointmentId: string;
  consultationType: ConsultationType;
  /** The name of the other side, shown where the clinic's records do not give one. */
  participantName: string;
};

/**
 * Opens the consultation of an appointment: where the app around it decides (see `JoinTarget`),
 * else over the whole page. Which side the reader is follows from the appointment.
 */
export function JoinConsultationButton(props: JoinConsultationButtonProps) {
  return (
    <ConsultationLook>
      <JoinButton {...props} />
    </ConsultationLook>
  );
}

function JoinButton(props: JoinConsultationButtonProps) {
  const { consultationType, participantName } = props;
  const t = useT();
  const target = useJoinTarget();
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  const name = t("room.joinWith", {
    type: t(`common.type.${consultationType}`),
    name: participantName,
  });
  return (
    <>
      <Button
        variant="primary"
        aria-label={name}
        onPress={() => (target ? target(props) : setOpen(true))}
      >
        {t("room.join")}
      </Button>
      {target ? null : (
        <Dialog isOpen={isOpen} onClose={close} size="screen" title={name}>
          <ConsultationProviders>
            <RoomOfReader {...props} onEndCall={close} />
          </ConsultationProviders>
        </Dialog>
      )}
    </>
  );
}

/** The room for whichever side the signed-in person is. */
function RoomOfReader({
  onEndCall,
  ...props
}: JoinConsultationButtonProps & { onEndCall: () => void }) {
  const t = useT();
  const account = useAccount();
  const appointment = useAppointment(props.appointmentId as AppointmentId);
  const me = account.data?.person;
  const error =
    account.error ??
    appointment.error ??
    (account.data && !me ? { code: "not_signed_in" as const, ref: null } : null);
  if (me && appointment.data) {
    const role = appointment.data.item.doctorId === me.id ? "doctor" : "patient";
    return <ConsultationRoom {...props} participantRole={role} onEndCall={onEndCall} />;
  }
  return (
    <div className={styles.wait}>
      {error ? (
        <FaultBanner
          fault={error}
          onRetry={() => {
            void account.refetch();
            void appointment.refetch();
          }}
          actions={<Button onPress={onEndCall}>{t("common.close")}</Button>}
        />
      ) : (
        <Spinner label={t("room.opening")} />
      )}
    </div>
  );
}
