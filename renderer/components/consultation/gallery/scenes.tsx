import type { ReactNode } from "react";
import type { Bridge } from "#shared/contract/bridge.ts";
import { FaultCode } from "#shared/contract/fault.ts";
import { newMessageId } from "#shared/model/ids.ts";
import type { ParticipantRole } from "#shared/model/session.ts";
import { invented, makeInventedClinic } from "#renderer/bridge/invented/clinic.ts";
import { openMemoryBridge, type MemoryBridgeOptions } from "#renderer/bridge/memory-bridge.ts";
import { ConsultationHistory } from "../ConsultationHistory.tsx";
import { ConsultationRoom } from "../ConsultationRoom.tsx";
import { FaultBanner } from "../FaultBanner.tsx";
import { JoinConsultationButton } from "../JoinConsultationButton.tsx";
import { Primitives } from "./Primitives.tsx";

export type Scene = { bridge: Bridge; view: ReactNode };

/** A quarter past nine, today: when the invented morning is at its fullest. */
const morning = () => {
  const at = new Date();
  at.setHours(9, 14, 0, 0);
  return at;
};
const began = Date.now();
const now = () => new Date(morning().getTime() + (Date.now() - began));

const open = (options: MemoryBridgeOptions = {}) => openMemoryBridge({ now, ...options });
const asPatient: MemoryBridgeOptions = { viewer: invented.patients.amara, host: "browser" };

const room = (
  appointmentId: string = invented.appointments.live,
  participantRole: ParticipantRole = "doctor",
) => (
  <ConsultationRoom
    appointmentId={appointmentId}
    consultationType="chat"
    participantName={participantRole === "doctor" ? "Patient" : "Dr Ingrid Lee"}
    participantRole={participantRole}
    onEndCall={() => {}}
  />
);

/** The invented clinic, with 1,500 messages of all lengths in the consultation that goes on. */
const longClinic = () => {
  const clinic = makeInventedClinic(morning());
  const session = clinic.sessions.find(({ id }) => id === invented.sessions.live)!;
  const pattern = clinic.messages.filter(({ sessionId }) => sessionId === session.id);
  const first = Date.parse(session.startedAt);
  clinic.messages = clinic.messages.filter(({ sessionId }) => sessionId !== session.id);
  for (let seq = 1; seq <= 1_500; seq += 1) {
    const line = pattern[seq % pattern.length]!;
    clinic.messages.push({
      ...line,
      id: newMessageId(),
      seq,
      content: `${seq}: ${line.content} ${"And so on. ".repeat(seq % 17)}`,
      createdAt: new Date(first + seq * 500).toISOString(),
    });
  }
  session.lastSeq = 1_500;
  return clinic;
};

/** Everything that the components can look like, each over its own invented clinic. */
export const scenes = {
  primitives: () => ({ bridge: open().bridge, view: <Primitives /> }),
  room: () => ({ bridge: open().bridge, view: room() }),
  "room-patient": () => ({
    bridge: open(asPatient).bridge,
    view: room(invented.appointments.live, "patient"),
  }),
  "room-new": () => ({ bridge: open().bridge, view: room(invented.appointments.booked) }),
  "room-paused": () => ({ bridge: open().bridge, view: room(invented.appointments.paused) }),
  "room-offline": () => {
    const { bridge, control } = open({ connection: "offline" });
    control.fail("session.start", "offline");
    control.fail("session.touch", "offline");
    control.queue(
      newMessageId(),
      invented.sessions.live,
      "Then let us keep the dose as it is and look again in six weeks.",
    );
    return { bridge, view: room() };
  },
  "room-refused": () => {
    const { bridge, control } = open();
    const id = newMessageId();
    control.queue(id, invented.sessions.live, "Please send me the readings of last week.");
    control.refuse(id, "the consultation was paused");
    return { bridge, view: room() };
  },
  "room-long": () => {
    const { bridge, control } = open({
      clinic: longClinic(),
      answerMs: Number(new URLSearchParams(location.search).get("wait") ?? 80),
    });
    Object.assign(window, {
      receive: (text: string) =>
        control.receive(invented.sessions.live, invented.patients.amara, text),
    });
    return { bridge, view: room() };
  },
  "room-ended": () => {
    const { bridge, control } = open(asPatient);
    setTimeout(() => control.setStatus(invented.sessions.live, "ended"), 300);
    return { bridge, view: room(invented.appointments.live, "patient") };
  },
  "room-fault": () => {
    const { bridge, control } = open({ clinic: "empty" });
    control.fail("session.start", "tables_missing");
    return { bridge, view: room() };
  },
  "room-opening": () => {
    const { bridge, control } = open({ clinic: "empty" });
    control.hold("session.start");
    return { bridge, view: room() };
  },
  history: () => ({ bridge: open().bridge, view: <ConsultationHistory /> }),
  "history-empty": () => ({
    bridge: open({ clinic: "empty" }).bridge,
    view: <ConsultationHistory />,
  }),
  "history-fault": () => {
    const { bridge, control } = open();
    control.fail("sessions.list", "cache_corrupt");
    return { bridge, view: <ConsultationHistory /> };
  },
  join: () => ({
    bridge: open().bridge,
    view: (
      <div style={{ padding: "2rem" }}>
        <JoinConsultationButton
          appointmentId={invented.appointments.live}
          consultationType="chat"
          participantName="Amara Okafor"
        />
      </div>
    ),
  }),
  faults: () => ({
    bridge: open().bridge,
    view: (
      <div style={{ display: "grid", gap: "0.5rem", padding: "1rem", maxWidth: "44rem" }}>
        {FaultCode.options.map((code) => (
          <FaultBanner key={code} fault={{ code, ref: "7f3a91" }} onRetry={() => {}} />
        ))}
      </div>
    ),
  }),
} satisfies Record<string, () => Scene>;

export type SceneName = keyof typeof scenes;
