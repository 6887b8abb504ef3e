import { useMemo, useState } from "react";
import type { AppointmentId } from "#shared/model/ids.ts";
import { useTranscripts } from "#renderer/data/use-messages.ts";
import { useAppointmentSessions } from "#renderer/data/use-sessions.ts";

/** How many messages of the other side have come into an open room while something else was on show. */
export const useRoomNews = (appointmentId: AppointmentId, isShown: boolean): number => {
  const live = useAppointmentSessions(appointmentId).data?.live?.id ?? null;
  const [transcript] = useTranscripts(useMemo(() => (live === null ? [] : [live]), [live]));
  const messages = transcript?.data?.messages;
  const newest = messages?.findLast((one) => one.seq !== null)?.seq ?? 0;
  const [seen, setSeen] = useState<number | null>(null);
  const read = messages !== undefined && (isShown || seen === null);
  if (read && seen !== newest) setSeen(newest);
  if (isShown || seen === null || messages === undefined) return 0;
  return messages.filter(
    (one) =>
      one.seq !== null &&
      one.seq > seen &&
      (one.senderKind === "patient" || one.senderKind === "guest"),
  ).length;
};
