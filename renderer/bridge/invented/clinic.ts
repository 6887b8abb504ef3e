import type { ClinicSettings } from "#shared/contract/state.ts";
import type { Appointment } from "#shared/model/appointment.ts";
import { AppointmentId, MessageId, SessionId, UserId } from "#shared/model/ids.ts";
import type { Message } from "#shared/model/message.ts";
import type { Person } from "#shared/model/person.ts";
import type { ConsultationType, Session, SessionStatus } from "#shared/model/session.ts";
import { type Dialogue, type DialogueName, dialogues } from "./dialogues.ts";

/** Everything that a memory bridge answers from. All of it is invented. */
export type InventedClinic = {
  doctor: Person;
  email: string;
  server: string;
  settings: ClinicSettings;
  people: Person[];
  appointments: Appointment[];
  sessions: Session[];
  messages: Message[];
};

const uuid = (kind: number, number: number) =>
  `0198c0de-${String(kind).padStart(4, "0")}-7000-8000-${String(number).padStart(12, "0")}`;
const userId = (number: number) => UserId.parse(uuid(1, number));
const appointmentId = (number: number) => AppointmentId.parse(uuid(2, number));
const sessionId = (number: number) => SessionId.parse(uuid(3, number));
const messageId = (number: number) => MessageId.parse(uuid(4, number));

const doctor: Person = {
  id: userId(1),
  name: "Dr Ingrid Lee",
  role: "doctor",
  dateOfBirth: null,
};

const patient = (number: number, name: string, dateOfBirth: string | null): Person => ({
  id: userId(number),
  name,
  role: "patient",
  dateOfBirth,
});

const patients = {
  amara: patient(11, "Amara Okafor", "1979-03-14"),
  laila: patient(12, "ليلى الحداد", "1988-07-02"),
  meiling: patient(13, "陈美玲", "1961-11-30"),
  maria: patient(
    14,
    "María de la Concepción Hernández de la Fuente y Gutiérrez-Montenegro",
    "1954-01-09",
  ),
  soren: patient(15, "Søren Ågård", "1992-05-21"),
  priya: patient(16, "Priya Raghunathan", "2001-09-17"),
  olena: patient(17, "Олена Коваленко", "1973-12-05"),
  joao: patient(18, "João Batista da Silva", null),
};
type Who = keyof typeof patients;

/** Who the examples and tests speak of, by a short name. */
export const invented = {
  doctor,
  patients,
  appointments: {
    /** Today 09:00, chat: a live session, and one that ended six weeks ago. */
    live: appointmentId(3),
    /** Today 09:20, chat: paused. */
    paused: appointmentId(4),
    /** Today 09:40, chat: booked, nothing has happened yet. */
    booked: appointmentId(5),
    /** Today 10:00, video: booked. */
    video: appointmentId(6),
    /** Today 08:20: ended. */
    ended: appointmentId(1),
  },
  sessions: {
    live: sessionId(3),
    earlier: sessionId(90),
    paused: sessionId(4),
    ended: sessionId(1),
  },
} as const;

const settings: ClinicSettings = {
  clinicName: "Harbour Street Practice",
  clinicPhone: "+44 20 7946 0018",
  emergencyNumber: "112",
  patientPageUrl: "https://visit.harbour-street.example",
};

/** The moment in the local time zone, so many days from today. */
const moment = (now: Date, days: number, hours: number, minutes: number): Date =>
  new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hours, minutes);

type Booking = {
  number: number;
  who: Who;
  at: Date;
  type: ConsultationType;
  minutes?: number | null;
  status?: string | null;
  reason?: string | null;
};

const booking = (of: Booking): Appointment => ({
  id: appointmentId(of.number),
  patientId: patients[of.who].id,
  doctorId: doctor.id,
  startsAt: of.at.toISOString(),
  durationMinutes: of.minutes === undefined ? 20 : of.minutes,
  type: of.type,
  status: of.status === undefined ? "booked" : of.status,
  reason: of.reason ?? null,
});

type Meeting = {
  number: number;
  appointment: Appointment;
  startedAt: Date;
  status: SessionStatus;
  dialogue: DialogueName;
};

const hold = (clinic: InventedClinic, of: Meeting) => {
  const { lines, notes }: Dialogue = dialogues[of.dialogue];
  const id = sessionId(of.number);
  const person = clinic.people.find((one) => one.id === of.appointment.patientId);
  let at = of.startedAt.getTime() + 20_000;
  const messages = lines.map(([gap, who, content], index): Message => {
    at += gap * 1000;
    return {
      id: messageId(of.number * 1000 + index),
      sessionId: id,
      seq: index + 1,
      senderId: who === "system" ? null : who === "doctor" ? doctor.id : of.appointment.patientId,
      senderKind: who,
      senderName: who === "system" ? "" : who === "doctor" ? doctor.name : (person?.name ?? ""),
      type: who === "system" ? "system" : "text",
      content,
      fileUrl: null,
      createdAt: new Date(at).toISOString(),
      enteredInErrorAt: null,
      delivery: "sent",
      refusal: null,
    };
  });
  const last = new Date(at);
  const ended = of.status === "ended";
  clinic.messages.push(...messages);
  clinic.sessions.push({
    id,
    appointmentId: of.appointment.id,
    patientId: of.appointment.patientId,
    doctorId: doctor.id,
    type: of.appointment.type,
    status: of.status,
    startedAt: of.startedAt.toISOString(),
    endedAt: ended ? new Date(at + 30_000).toISOString() : null,
    durationSeconds: Math.round((at - of.startedAt.getTime()) / 1000) + (ended ? 30 : 0),
    notes: ended ? notes : null,
    createdAt: of.startedAt.toISOString(),
    lastSeq: messages.length,
    lastMessageAt: messages.length === 0 ? null : last.toISOString(),
  });
};

/** A clinic in which nothing has been booked and nobody has spoken yet. */
export const makeEmptyClinic = (): InventedClinic => ({
  doctor,
  email: "ingrid.lee@harbour-street.example",
  server: "harbour-street.supabase.example",
  settings,
  people: [doctor, ...Object.values(patients)],
  appointments: [],
  sessions: [],
  messages: [],
});

/**
 * A clinic in the middle of a morning: eight patients, today's list, one live and one paused
 * consultation, and a past of about two months. Days are counted from `now`, in local time;
 * today's times are fixed, so a `now` shortly after nine shows it best.
 */
export const makeInventedClinic = (now: Date): InventedClinic => {
  const clinic = makeEmptyClinic();
  const today = (hours: number, minutes: number) => moment(now, 0, hours, minutes);
  const list = [
    booking({
      number: 1,
      who: "soren",
      at: today(8, 20),
      type: "chat",
      status: "done",
      reason: "Cough, one week",
    }),
    booking({
      number: 2,
      who: "laila",
      at: today(8, 40),
      type: "chat",
      status: "done",
      reason: "صداع",
    }),
    booking({
      number: 3,
      who: "amara",
      at: today(9, 0),
      type: "chat",
      reason: "Blood pressure, six-week control",
    }),
    booking({
      number: 4,
      who: "maria",
      at: today(9, 20),
      type: "chat",
      reason: "Lower back pain since moving house",
    }),
    booking({ number: 5, who: "meiling", at: today(9, 40), type: "chat", reason: "化验结果" }),
    booking({ number: 6, who: "priya", at: today(10, 0), type: "video", minutes: 30 }),
    booking({
      number: 7,
      who: "joao",
      at: today(10, 30),
      type: "audio",
      minutes: null,
      status: null,
    }),
    booking({
      number: 8,
      who: "olena",
      at: today(11, 0),
      type: "chat",
      status: "cancelled",
      reason: "Контроль рани",
    }),
    booking({
      number: 9,
      who: "soren",
      at: today(14, 0),
      type: "video",
      reason: "Second opinion on the ultrasound",
    }),
  ];
  const get = (number: number): Appointment => {
    const found = [...list, ...clinic.appointments].find((one) => one.id === appointmentId(number));
    if (found === undefined) throw new Error(`no invented appointment ${number}`);
    return found;
  };
  clinic.appointments.push(...list);
  hold(clinic, {
    number: 1,
    appointment: get(1),
    startedAt: today(8, 21),
    status: "ended",
    dialogue: "cough",
  });
  hold(clinic, {
    number: 2,
    appointment: get(2),
    startedAt: today(8, 40),
    status: "ended",
    dialogue: "arabic",
  });
  hold(clinic, {
    number: 90,
    appointment: get(3),
    startedAt: moment(now, -42, 9, 2),
    status: "ended",
    dialogue: "pressureEarlier",
  });
  hold(clinic, {
    number: 3,
    appointment: get(3),
    startedAt: today(9, 1),
    status: "active",
    dialogue: "pressureToday",
  });
  hold(clinic, {
    number: 4,
    appointment: get(4),
    startedAt: today(9, 0),
    status: "paused",
    dialogue: "back",
  });

  clinic.appointments.push(
    booking({ number: 20, who: "priya", at: moment(now, 1, 9, 0), type: "chat" }),
    booking({ number: 21, who: "maria", at: moment(now, 1, 9, 30), type: "audio", minutes: 40 }),
  );
  const past: readonly [who: Who, dialogue: DialogueName][] = [
    ["priya", "allergy"],
    ["olena", "wound"],
    ["meiling", "chinese"],
    ["joao", "dropped"],
    ["soren", "cough"],
    ["laila", "arabic"],
    ["maria", "back"],
  ];
  for (let day = 1; day <= 30; day += 1) {
    for (const turn of [0, 1]) {
      const [who, dialogue] = past[(day * 2 + turn) % past.length] ?? ["priya", "allergy"];
      const number = 100 + day * 2 + turn;
      const at = moment(now, -day, 9 + turn * 2, 20);
      clinic.appointments.push(booking({ number, who, at, type: "chat", status: "done" }));
      hold(clinic, { number, appointment: get(number), startedAt: at, status: "ended", dialogue });
    }
  }
  return clinic;
};
