import { useState } from "react";
import type { AppointmentId } from "#shared/model/ids.ts";
import type {
  ConsultationType,
  ParticipantRole,
  Session,
  SessionSummary,
} from "#shared/model/session.ts";
import { useSyncState } from "#renderer/data/use-account.ts";
import { useAppointment } from "#renderer/data/use-appointments.ts";
import { useT } from "#renderer/i18n/Words.tsx";
import { Banner } from "#renderer/ui/Banner.tsx";
import { Button } from "#renderer/ui/Button.tsx";
import { Spinner } from "#renderer/ui/Spinner.tsx";
import { Composer } from "./Composer.tsx";
import { FaultBanner } from "./FaultBanner.tsx";
import { FinishDialog } from "./FinishDialog.tsx";
import { LeaveDialog } from "./LeaveDialog.tsx";
import { RoomHeader } from "./RoomHeader.tsx";
import styles from "./RoomScreen.module.css";
import { RoomTranscript } from "./RoomTranscript.tsx";
import { useLiveDuration } from "./use-live-duration.ts";
import { useRoomSession } from "./use-room-session.ts";

export type RoomScreenProps = {
  appointmentId: AppointmentId;
  consultationType: ConsultationType;
  participantName: string;
  participantRole: ParticipantRole;
  onEndCall: () => void;
};

/** The room: who and how long above, the conversation in the large place, the field to write below. */
export function RoomScreen(props: RoomScreenProps) {
  const { appointmentId, consultationType, participantRole: role, onEndCall } = props;
  const t = useT();
  const room = useRoomSession(appointmentId, consultationType);
  const { session } = room;
  const appointment = useAppointment(appointmentId).data?.item;
  const isOffline = useSyncState().data?.connection === "offline";
  const seconds = useLiveDuration(session);
  const [asking, setAsking] = useState<"finish" | "leave" | null>(null);

  const inRecords =
    role === "doctor"
      ? (namesOf(session).patientName ?? appointment?.patientName)
      : (namesOf(session).doctorName ?? appointment?.doctorName);
  const name = inRecords ?? props.participantName;
  const isEnded = session?.status === "ended";

  return (
    <section className={styles.room} aria-label={t("room.region", { name })}>
      <RoomHeader
        name={name}
        role={role}
        type={session?.type ?? consultationType}
        session={session}
        seconds={seconds}
        isOffline={isOffline}
        onFinish={() => setAsking("finish")}
        onLeave={() =>
          role === "doctor" || isEnded || !session ? onEndCall() : setAsking("leave")
        }
      />
      {session ? (
        <RoomTranscript session={session} earlier={room.earlier ?? none} role={role} name={name} />
      ) : (
        <div className={styles.opening}>
          {room.fault ? (
            <FaultBanner fault={room.fault} onRetry={room.start} />
          ) : (
            <Spinner label={t("room.opening")} />
          )}
          {room.fault?.code === "offline" ? <p>{t("room.cannotStartOffline")}</p> : null}
        </div>
      )}
      <div className={styles.foot}>
        {isEnded ? (
          <EndedNotice room={room} role={role} onEndCall={onEndCall} />
        ) : (
          <>
            {session?.status === "paused" ? (
              <Banner
                tone="warning"
                title={t(role === "doctor" ? "room.pausedDoctor" : "room.pausedPatient")}
              />
            ) : null}
            <Composer sessionId={session?.id ?? null} isOffline={isOffline} />
          </>
        )}
      </div>
      {session && role === "doctor" ? (
        <FinishDialog
          isOpen={asking === "finish"}
          session={session}
          seconds={Math.floor(seconds)}
          name={name}
          onClose={() => setAsking(null)}
          onFinished={() => {
            setAsking(null);
            onEndCall();
          }}
        />
      ) : null}
      <LeaveDialog
        isOpen={asking === "leave"}
        onClose={() => setAsking(null)}
        onLeave={onEndCall}
      />
    </section>
  );
}

const none: readonly SessionSummary[] = [];

const namesOf = (session: Session | SessionSummary | null) =>
  session && "patientName" in session ? session : { patientName: null, doctorName: null };

function EndedNotice({
  room,
  role,
  onEndCall,
}: {
  room: ReturnType<typeof useRoomSession>;
  role: ParticipantRole;
  onEndCall: () => void;
}) {
  const t = useT();
  const { session } = room;
  const isQueued = session !== null && "endQueued" in session && session.endQueued;
  return (
    <>
      {room.fault ? <FaultBanner fault={room.fault} /> : null}
      <Banner
        tone="ok"
        title={t(role === "doctor" ? "room.endedDoctor" : "room.endedPatient")}
        actions={
          <>
            {role === "doctor" ? (
              <Button onPress={room.start} isPending={room.isStarting}>
                {t("room.startAgain")}
              </Button>
            ) : null}
            <Button variant="primary" onPress={onEndCall}>
              {t("common.close")}
            </Button>
          </>
        }
      >
        {isQueued ? t("room.endedQueued") : null}
      </Banner>
    </>
  );
}
