import type { AppointmentItem } from "#shared/model/appointment.ts";
import { useT } from "#renderer/i18n/Words.tsx";
import { type Shape, StatusPill, type Tone } from "#renderer/ui/StatusPill.tsx";
import { type AppointmentState, stateOf } from "./appointment-state.ts";

const looks = {
  booked: { shape: "ring", tone: "neutral" },
  inRoom: { shape: "dot", tone: "live" },
  paused: { shape: "bars", tone: "warning" },
  ended: { shape: "check", tone: "ok" },
} as const satisfies Record<AppointmentState, { shape: Shape; tone: Tone }>;

/**
 * The state of an appointment by word, shape and colour. Until somebody has been in the room the
 * clinic's calendar has the word, so that a cancelled one is never called booked.
 */
export function StatePill({ item }: { item: Pick<AppointmentItem, "session" | "status"> }) {
  const t = useT();
  const state = stateOf(item);
  const word = item.status?.trim() ?? "";
  return (
    <StatusPill plain shape={looks[state].shape} tone={looks[state].tone}>
      {state !== "booked" || word === "" || word.toLowerCase() === "booked" ? (
        t(`workstation.today.state.${state}`)
      ) : (
        <bdi>{word}</bdi>
      )}
    </StatusPill>
  );
}
