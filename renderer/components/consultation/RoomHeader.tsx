import type { ConsultationType, ParticipantRole, Session } from "#shared/model/session.ts";
import { useSetSessionStatus } from "#renderer/data/use-sessions.ts";
import { useFormat, useT } from "#renderer/i18n/Words.tsx";
import { Button } from "#renderer/ui/Button.tsx";
import { IconButton } from "#renderer/ui/IconButton.tsx";
import { StatusPill } from "#renderer/ui/StatusPill.tsx";
import { FaultBanner } from "./FaultBanner.tsx";
import styles from "./RoomHeader.module.css";

export type RoomHeaderProps = {
  name: string;
  role: ParticipantRole;
  type: ConsultationType;
  session: Session | null;
  seconds: number;
  isOffline: boolean;
  onFinish: () => void;
  onLeave: () => void;
};

/** Who, what kind, how long and in which state; and the few things that can be done with the whole consultation. */
export function RoomHeader(props: RoomHeaderProps) {
  const { name, role, type, session, seconds, isOffline, onFinish, onLeave } = props;
  const t = useT();
  const format = useFormat();
  const status = useSetSessionStatus();
  const isPaused = session?.status === "paused";
  const toggle = () => {
    if (!session) return;
    status.mutate({ sessionId: session.id, status: isPaused ? "active" : "paused" });
  };
  return (
    <header className={styles.header}>
      <div className={styles.bar}>
        {role === "doctor" ? (
          <IconButton icon="back" label={t("room.leaveConfirm")} onPress={onLeave} />
        ) : null}
        <div className={styles.who}>
          <h2 className={styles.name} title={name}>
            <bdi>{name}</bdi>
          </h2>
          <p className={styles.facts}>
            <span>{t(`room.typeNote.${type}`)}</span>
            <span
              className={styles.clock}
              role="timer"
              aria-label={t("room.duration", { duration: format.clock(seconds) })}
            >
              {session ? format.clock(seconds) : "–:–"}
            </span>
            <RoomStatus session={session} isOffline={isOffline} />
          </p>
        </div>
        <div className={styles.actions}>
          {session?.status === "ended" ? null : role === "doctor" ? (
            <>
              <Button
                variant="quiet"
                icon={isPaused ? "play" : "pause"}
                isDisabled={!session}
                isPending={status.isPending}
                onPress={toggle}
              >
                {t(isPaused ? "room.resume" : "room.pause")}
              </Button>
              <Button variant="danger" isDisabled={!session} onPress={onFinish}>
                {t("room.finish")}
              </Button>
            </>
          ) : (
            <Button icon="leave" onPress={onLeave}>
              {t("room.leave")}
            </Button>
          )}
        </div>
      </div>
      {status.error ? (
        <div className={styles.fault}>
          <FaultBanner fault={status.error} onRetry={toggle} />
        </div>
      ) : null}
    </header>
  );
}

function RoomStatus({ session, isOffline }: { session: Session | null; isOffline: boolean }) {
  const t = useT();
  if (session === null) return <StatusPill shape="ring">{t("room.status.opening")}</StatusPill>;
  if (session.status === "ended") {
    return <StatusPill shape="check">{t("room.status.ended")}</StatusPill>;
  }
  if (isOffline) {
    return (
      <StatusPill tone="warning" shape="alert">
        {t("room.status.offline")}
      </StatusPill>
    );
  }
  if (session.status === "paused") {
    return (
      <StatusPill tone="warning" shape="bars">
        {t("room.status.paused")}
      </StatusPill>
    );
  }
  return (
    <StatusPill tone="ok" shape="dot">
      {t("room.status.active")}
    </StatusPill>
  );
}
