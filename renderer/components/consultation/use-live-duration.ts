import { useEffect, useState } from "react";
import type { SessionId } from "#shared/model/ids.ts";
import type { Session } from "#shared/model/session.ts";
import { useBridge } from "#renderer/data/BridgeProvider.tsx";

/** How often an open room tells the server that the consultation goes on. */
const EVERY_MS = 15_000;

/**
 * Tells the server that the consultation goes on while it is open and active, and gives the
 * duration that it counts, ticking on between its answers. Pauses and the clock of this machine
 * do not count. A beat that fails is left out: the next one catches up.
 */
export function useLiveDuration(session: Session | null): number {
  const id = session?.id ?? null;
  const isActive = session?.status === "active";
  const beat = useHeartbeat(isActive ? id : null);
  const kept = session?.durationSeconds ?? 0;
  const counted = beat?.sessionId === id ? Math.max(beat?.seconds ?? 0, kept) : kept;

  const [ticked, setTicked] = useState({ id, from: counted, seconds: counted });
  useEffect(() => {
    if (!isActive) return;
    const began = performance.now();
    const timer = setInterval(() => {
      const seconds = counted + (performance.now() - began) / 1_000;
      setTicked((before) => ({ id, from: counted, seconds: steady(before, id, seconds) }));
    }, 1_000);
    return () => clearInterval(timer);
  }, [isActive, id, counted]);
  if (!isActive) return counted;
  const isCurrent = ticked.id === id && ticked.from === counted;
  return isCurrent ? ticked.seconds : steady(ticked, id, counted);
}

type Ticked = { id: SessionId | null; seconds: number };

/** A clock that is read must not step back: the server's count is awaited where it is this little behind. */
const AWAITED_SECONDS = 5;

/** The time to show when `next` is due: what is shown already, as long as it is only just ahead. */
export function steady(shown: Ticked, id: SessionId | null, next: number): number {
  const ahead = shown.id === id ? shown.seconds - next : 0;
  return ahead > 0 && ahead < AWAITED_SECONDS ? shown.seconds : next;
}

type Beat = { sessionId: SessionId; seconds: number };

/** The server's last count of a session; it is told at once and every 15 s that the session goes on. */
function useHeartbeat(sessionId: SessionId | null): Beat | null {
  const bridge = useBridge();
  const [beat, setBeat] = useState<Beat | null>(null);
  useEffect(() => {
    if (sessionId === null) return;
    let gone = false;
    const touch = async () => {
      const answer = await bridge.request("session.touch", { sessionId });
      if (!gone && answer.ok) setBeat({ sessionId, seconds: answer.value.durationSeconds });
    };
    void touch();
    const timer = setInterval(() => void touch(), EVERY_MS);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [bridge, sessionId]);
  return beat;
}
