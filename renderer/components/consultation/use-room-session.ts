import { useCallback, useEffect, useRef, useState } from "react";
import type { AppointmentId, SessionId } from "#shared/model/ids.ts";
import type { ConsultationType, Session, SessionSummary } from "#shared/model/session.ts";
import { useBridge } from "#renderer/data/BridgeProvider.tsx";
import { toFault, unwrap, type FaultError } from "#renderer/data/fault-error.ts";
import { useSyncState } from "#renderer/data/use-account.ts";
import { useAppointmentSessions, useSession } from "#renderer/data/use-sessions.ts";

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
  const bridge = useBridge();
  const [chosen, setChosen] = useState<SessionId | null>(null);
  const [started, setStarted] = useState<Session | null>(null);
  const [isStarting, setStarting] = useState(false);
  const [fault, setFault] = useState<FaultError | null>(null);
  const known = useAppointmentSessions(appointmentId);
  const live = known.data?.live ?? null;
  const running = useRef<symbol | null>(null);

  const start = useCallback(async () => {
    const mine = Symbol("start");
    running.current = mine;
    setStarting(true);
    setFault(null);
    try {
      const session = await unwrap(bridge.request("session.start", { appointmentId, type }));
      if (running.current !== mine) return;
      setStarted(session);
      setChosen(session.id);
    } catch (error) {
      if (running.current === mine) setFault(toFault(error));
    } finally {
      if (running.current === mine) setStarting(false);
    }
  }, [bridge, appointmentId, type]);

  // Doubled by React's strict mode, which does no harm: the server opens one session under any race.
  useEffect(() => {
    void start();
    return () => {
      running.current = null;
    };
  }, [start]);

  // What is known here needs no connection.
  if (chosen === null && live !== null) setChosen(live.id);

  // A start that failed for want of a connection is tried again as soon as there is one.
  const connection = useSyncState().data?.connection;
  const waits = fault?.code === "offline" && chosen === null;
  useEffect(() => {
    if (waits && connection === "online") void start();
  }, [waits, connection, start]);

  const read = useSession(chosen).data?.session;
  const session = read ?? (live?.id === chosen ? live : started?.id === chosen ? started : null);
  return {
    session,
    earlier: known.data?.ended.filter(({ id }) => id !== chosen),
    isStarting,
    fault,
    start: () => void start(),
  };
}
