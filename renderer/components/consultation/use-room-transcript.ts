import { useCallback, useMemo, useState } from "react";
import type { SessionId } from "#shared/model/ids.ts";
import type { Session, SessionSummary } from "#shared/model/session.ts";
import type { FaultError } from "#renderer/data/fault-error.ts";
import type { Transcript } from "#renderer/data/transcript-store.ts";
import { useLoadOlder, useTranscripts } from "#renderer/data/use-messages.ts";

/** Below this many messages the room looks empty, so an earlier consultation is brought in by itself. */
const ENOUGH = 30;

export type RoomSegment = {
  session: Session | SessionSummary;
  transcript: Transcript | undefined;
};

export type RoomTranscript = {
  /** Consultations in reading order, the one that goes on last. */
  segments: readonly RoomSegment[];
  isLoading: boolean;
  error: FaultError | null;
  retry: () => void;
  /** Whether anything lies before what is shown. */
  hasOlder: boolean;
  isLoadingOlder: boolean;
  olderError: FaultError | null;
  loadOlder: () => void;
};

/** The transcript of a room: the consultation that goes on, and before it the earlier ones of its appointment. */
export function useRoomTranscript(
  session: Session | SessionSummary,
  earlier: readonly SessionSummary[],
): RoomTranscript {
  const [opened, setOpened] = useState(0);
  const sessions = useMemo(
    () => [...earlier.slice(Math.max(0, earlier.length - opened)), session],
    [earlier, opened, session],
  );
  const ids = useStable(sessions.map(({ id }) => id));
  const loaded = useTranscripts(ids);
  const segments = useMemo(
    () =>
      sessions.map((one) => ({
        session: one,
        transcript: loaded.find(({ sessionId }) => sessionId === one.id)?.data,
      })),
    [sessions, loaded],
  );

  const oldest = segments[0]!;
  const isComplete = oldest.transcript !== undefined && !oldest.transcript.more;
  const count = segments.reduce((sum, one) => sum + (one.transcript?.messages.length ?? 0), 0);
  const isShort = isComplete && count < ENOUGH && opened < earlier.length;
  if (isShort) setOpened(opened + 1);

  const older = useLoadOlder();
  const failed = loaded.find(({ error, data }) => error !== null && data === undefined);
  const loadOlder = useCallback(() => {
    if (oldest.transcript?.more) void older.load(oldest.session.id);
    else if (isComplete && opened < earlier.length) setOpened(opened + 1);
  }, [oldest, isComplete, older, opened, earlier.length]);

  return {
    segments,
    isLoading: segments.at(-1)?.transcript === undefined && failed === undefined,
    error: failed?.error ?? null,
    retry: () => failed?.retry(),
    hasOlder: !isComplete || opened < earlier.length,
    isLoadingOlder: older.isLoading || (!isComplete && segments.length > 1 && !oldest.transcript),
    olderError: older.error,
    loadOlder,
  };
}

/** The same array for as long as it holds the same ids. */
function useStable(ids: SessionId[]): readonly SessionId[] {
  const [held, hold] = useState(ids);
  const isSame = held.length === ids.length && held.every((id, index) => id === ids[index]);
  if (isSame) return held;
  hold(ids);
  return ids;
}
