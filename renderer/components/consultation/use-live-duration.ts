import { useEffect, useState } from "react";
import type { Session } from "#shared/model/session.ts";
import { useBridge } from "#renderer/data/BridgeProvider.tsx";

/** How often an open room tells the server that the consultation goes on. */
const EVERY_MS = 15_000;

type Beat = { sessionId: string; seconds: number; at: number };

/**
 * Tells the server that the consultation goes on while it is open and active, and gives the
 * duration that it counts, ticking on between its answers. Pauses and the clock of this machine
 * do not count. A beat that fails is left out: the next one catches up.
 */
export function useLiveDuration(session: Session | null): number {
  const bridge = useBridge();
  const [beat, setBeat] = useState<Beat | null>(null);
  const id = session?.id ?? null;
  const isActive = session?.status === "active";

  useEffect(() => {
    if (id === null || !isActive) return;
    let gone = false;
    const touch = async () => {
      const answer = await bridge.request("session.touch", { sessionId: id });
      if (gone || !answer.ok) return;
      setBeat({ sessionId: id, seconds: answer.value.durationSeconds, at: performance.now() });
    };
    void touch();
    const timer = setInterval(() => void touch(), EVERY_MS);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [bridge, id, isActive]);

  const counted = session?.durationSeconds ?? 0;
  const [base, setBase] = useState<Beat>({ sessionId: "", seconds: 0, at: 0 });
  const newest =
    beat !== null && beat.sessionId === id && isActive && beat.seconds >= counted
      ? beat
      : { sessionId: id ?? "", seconds: counted, at: null };
  if (newest.sessionId !== base.sessionId || newest.seconds !== base.seconds) {
    setBase({ ...newest, at: newest.at ?? performance.now() });
  }
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    if (!isActive) return;
    const timer = setInterval(() => setNow(performance.now()), 1_000);
    return () => clearInterval(timer);
  }, [isActive]);
  return isActive ? base.seconds + Math.max(0, (now - base.at) / 1_000) : counted;
}
