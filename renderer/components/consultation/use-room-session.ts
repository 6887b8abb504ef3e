import { useCallback, useEffect, useMemo, useState } from "react";
import type { AppointmentId, SessionId } from "#shared/model/ids.ts";
import type { ConsultationType, Session, SessionSummary } from "#shared/model/session.ts";
import type { FaultError } from "#renderer/data/fault-error.ts";
import { useSyncState } from "#renderer/data/use-account.ts";
import {
  useAppointmentSessions,
  useSession,
  useStartSession,
} from "#renderer/data/use-sessions.ts";

export type RoomSession = {
  /** The consultation that the room shows; null until one is known. */
  session: Session | SessionSummary | null;
  /** Earlier consultations of the appointment, oldest first; undefined until they are known. */
  earlier: readonly SessionSummary[] | undefined;
  isStarting: boolean;
  /** Why it could not be started; shown only while there is none to show, or after "start again". */
  fault: FaultError | null;
  start: () => void;
};

/**
 * Opens the appointment's consultation when the room opens, once. One that this machine already
 * knows is shown at once, and with no connection too. An ended one is never started again by
 * itself: that takes `start`.
 */
export function useRoomSession(appointmentId: AppointmentId, type: ConsultationType): RoomSession {
  const [started, setStarted] = useState<Session | null>(null);
  const [found, setFound] = useState<SessionId | null>(null);
  const known = useAppointmentSessions(appointmentId);
  const live = known.data?.live ?? null;
  const { mutate, isPending: isStarting, error: fault } = useStartSession();
  const start = useCallback(
    () => mutate({ appointmentId, type }, { onSuccess: setStarted }),
    [mutate, appointmentId, type],
  );

  // Doubled by React's strict mode, which does no harm: the server opens one session under any race.
  useEffect(start, [start]);

  // What is known here needs no connection.
  if (found === null && live !== null) setFound(live.id);
  const chosen = started?.id ?? found;

  // A start that failed for want of a connection is tried again as soon as there is one.
  const connection = useSyncState().data?.connection;
  const waits = fault?.code === "offline" && chosen === null;
  useEffect(() => {
    if (waits && connection === "online") start();
  }, [waits, connection, start]);

  const read = useSession(chosen).data?.session;
  const session = read ?? (live?.id === chosen ? live : started?.id === chosen ? started : null);
  const ended = known.data?.ended;
  const earlier = useMemo(() => ended?.filter(({ id }) => id !== chosen), [ended, chosen]);
  return {
    session,
    earlier,
    isStarting,
    fault,
    start,
  };
}
