import { useT } from "#renderer/i18n/Words.tsx";
import { type Shape, StatusPill, type Tone } from "#renderer/ui/StatusPill.tsx";
import type { AppointmentState } from "./appointment-state.ts";

const looks = {
  booked: { shape: "ring", tone: "neutral" },
  inRoom: { shape: "dot", tone: "live" },
  paused: { shape: "bars", tone: "warning" },
  ended: { shape: "check", tone: "ok" },
} as const satisfies Record<AppointmentState, { shape: Shape; tone: Tone }>;

/** The state of an appointment by word, shape and colour. */
export function StatePill({ state }: { state: AppointmentState }) {
  const t = useT();
  return (
    <StatusPill plain shape={looks[state].shape} tone={looks[state].tone}>
      {t(`workstation.today.state.${state}`)}
    </StatusPill>
  );
}
