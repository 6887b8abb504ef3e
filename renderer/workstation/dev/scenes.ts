import { invented } from "#renderer/bridge/invented/clinic.ts";
import type { MemoryBridgeOptions, MemoryControl } from "#renderer/bridge/memory-bridge.ts";
import { newMessageId } from "#shared/model/ids.ts";
import { type Route, formatRoute } from "../route.ts";

/** One state of the workstation that is worth looking at. */
export type Scene = {
  name: string;
  options?: MemoryBridgeOptions;
  prepare?: (control: MemoryControl) => void;
  /** The hash to open at. */
  place?: string;
};

const { appointments, sessions, patients } = invented;

const today = (appointmentId: (typeof appointments)[keyof typeof appointments]) =>
  formatRoute({ screen: "today", day: null, appointmentId });
const room = (appointmentId: (typeof appointments)[keyof typeof appointments]) =>
  formatRoute({ screen: "room", appointmentId, type: "chat" });
const history = formatRoute({ screen: "history" } satisfies Route);

/** Puts a message of the doctor into the outbox, where it stays while there is no connection. */
const write = (control: MemoryControl, content: string) => {
  const id = newMessageId();
  control.queue(id, sessions.live, content);
  return id;
};

const cut = (control: MemoryControl) => {
  control.setConnection("offline");
};

export const scenes: readonly Scene[] = [
  { name: "first-start", options: { viewer: null, configured: false } },
  { name: "sign-in", options: { viewer: null } },
  { name: "sign-in-offline", options: { viewer: null, connection: "offline" } },
  {
    name: "cannot-open",
    prepare: (control) => control.fail("account.current", "keyring_unavailable"),
  },
  { name: "today" },
  { name: "today-booked", place: today(appointments.booked) },
  { name: "today-long-name", place: today(appointments.paused) },
  { name: "today-ended", place: today(appointments.ended) },
  { name: "today-offline", prepare: cut },
  { name: "today-empty", options: { clinic: "empty" } },
  { name: "today-fault", prepare: (control) => control.fail("appointments.list", "cache_corrupt") },
  {
    name: "today-first-pull",
    prepare: (control) => {
      control.setPulling({ rows: 48_210 });
      control.setConnection("connecting");
      control.setAsOf(null);
    },
  },
  {
    name: "today-tables-old",
    prepare: (control) => control.setSyncFault({ code: "tables_old", message: "" }),
  },
  { name: "room", place: room(appointments.live) },
  { name: "room-new", place: room(appointments.booked) },
  { name: "room-paused", place: room(appointments.paused) },
  { name: "room-ended", place: room(appointments.ended) },
  {
    name: "room-offline",
    place: room(appointments.live),
    prepare: (control) => {
      control.setConnection("offline");
      write(
        control,
        "Then please have the ankles measured once in the evening, and send me the figure.",
      );
      write(control, "I add it to the record.");
    },
  },
  {
    name: "room-refused",
    place: room(appointments.live),
    prepare: (control) => {
      const id = write(control, "This one was turned down by the server.");
      control.refuse(id, "The consultation was closed from elsewhere.");
      control.receive(sessions.live, patients.amara, "Shall I send you a photo of the ankles? 📷");
    },
  },
  { name: "history", place: history },
  { name: "history-offline", place: history, prepare: cut },
  { name: "history-empty", place: history, options: { clinic: "empty" } },
];
