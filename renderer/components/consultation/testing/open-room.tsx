import { screen } from "@testing-library/react";
import { vi } from "vitest";
import type { ParticipantRole } from "#shared/model/session.ts";
import { invented } from "#renderer/bridge/invented/clinic.ts";
import type { MemoryBridgeOptions } from "#renderer/bridge/memory-bridge.ts";
import { en } from "#renderer/i18n/en.ts";
import { ConsultationRoom } from "../ConsultationRoom.tsx";
import { renderOver, type Control } from "./render-over.tsx";

export type Opening = MemoryBridgeOptions & {
  role?: ParticipantRole;
  appointmentId?: string;
  before?: (control: Control) => void;
};

/** Opens the room of the invented live appointment, as the doctor unless told otherwise. */
export function openRoom({ role = "doctor", appointmentId, ...options }: Opening = {}) {
  const left = vi.fn<() => void>();
  const world = renderOver(
    <ConsultationRoom
      appointmentId={appointmentId ?? invented.appointments.live}
      consultationType="chat"
      participantName="Somebody"
      participantRole={role}
      onEndCall={left}
    />,
    { ...(role === "patient" ? { viewer: invented.patients.amara } : {}), ...options },
  );
  return { ...world, left };
}

/** The field to write in. */
export const composer = () =>
  screen.findByRole<HTMLTextAreaElement>("textbox", { name: en.room.write });
