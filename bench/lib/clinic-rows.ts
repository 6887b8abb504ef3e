import { v7 } from "uuid";
import { SessionId, UserId } from "#shared/model/ids.ts";
import type { Turn } from "./dialogues.ts";

// The rows of an invented clinic, as pages of the feed.

const COLUMNS = {
  session:
    "id appointment_id patient_id doctor_id consultation_type started_at ended_at duration_seconds status notes created_at topic_key last_seq last_message_at signed_at deleted_at rev".split(
      " ",
    ),
  message:
    "id session_id seq sender_id sender_role sender_kind sender_name message_type content file_url created_at entered_in_error_at deleted_at rev".split(
      " ",
    ),
  access: "user_id session_id role granted expires_at rev".split(" "),
};

const uuid = (kind: string, number: number): string =>
  `${kind}-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;

export const DOCTOR = UserId.parse(uuid("d0c70000", 1));
export const sessionIdAt = (number: number): SessionId => SessionId.parse(uuid("5e550000", number));
const patientOf = (session: number): string => uuid("ba710000", session % 2_000);

const START = Date.UTC(2024, 0, 1);
const STEP_MS = 3_600_000;
const timeOf = (session: number, second = 0): string =>
  new Date(START + session * STEP_MS + second * 1_000).toISOString();

type FeedRow = [kind: string, xid: string, id: string, values: unknown[]];

/** Live sessions are those after the ended ones: a message can be sent into them. */
type ClinicOptions = { turns: readonly Turn[]; liveFrom: number };

/** Every tenth session is long; 100 messages on the whole. */
export const messagesIn = (session: number): number => (session % 10 === 0 ? 550 : 50);

function* sessionRows(number: number, options: ClinicOptions): Generator<FeedRow> {
  const { turns, liveFrom } = options;
  const perSession = messagesIn(number);
  const id = sessionIdAt(number);
  const xid = String(700 + number);
  const live = number >= liveFrom;
  const patient = patientOf(number);
  yield ["access", xid, id, [DOCTOR, id, "doctor", true, null, 1]];
  yield [
    "session",
    xid,
    id,
    [
      id,
      uuid("a9900000", number),
      patient,
      DOCTOR,
      "chat",
      timeOf(number),
      live ? null : timeOf(number, 1_200),
      1_200,
      live ? "active" : "ended",
      null,
      timeOf(number),
      uuid("70910000", number),
      perSession,
      timeOf(number, perSession * 5),
      null,
      null,
      1,
    ],
  ];
  for (let seq = 1; seq <= perSession; seq++) {
    const turn = turns[(number * 101 + seq) % turns.length] ?? { role: "doctor", text: "" };
    const createdAt = timeOf(number, seq * 5);
    const messageId = v7({ msecs: Date.parse(createdAt) });
    const byDoctor = turn.role === "doctor";
    yield [
      "message",
      xid,
      messageId,
      [
        messageId,
        id,
        seq,
        byDoctor ? DOCTOR : patient,
        turn.role,
        turn.role,
        byDoctor ? "Dr Amara Okafor" : "Sofía Herrera Luna",
        "text",
        turn.text,
        null,
        createdAt,
        null,
        null,
        1,
      ],
    ];
  }
}

export type Page = {
  columns: typeof COLUMNS;
  rows: FeedRow[];
  next: { xid: string; id: string } | null;
};

/** The pages that a first pull would bring, each of `pageSize` rows; the last one has no next. */
export function* clinicPages(
  from: number,
  to: number,
  pageSize: number,
  options: ClinicOptions,
): Generator<Page> {
  let rows: FeedRow[] = [];
  for (let number = from; number < to; number++) {
    for (const row of sessionRows(number, options)) {
      if (rows.length === pageSize) {
        const [, xid, id] = rows.at(-1) ?? row;
        yield { columns: COLUMNS, rows, next: { xid, id } };
        rows = [];
      }
      rows.push(row);
    }
  }
  yield { columns: COLUMNS, rows, next: null };
}

/** The page that tells of a revocation. */
export const revocationPage = (session: number): Page => ({
  columns: COLUMNS,
  rows: [
    [
      "access",
      "9000000",
      sessionIdAt(session),
      [DOCTOR, sessionIdAt(session), "doctor", false, null, 2],
    ],
  ],
  next: null,
});

/** All patients of the clinic. */
export const listPatients = () =>
  Array.from({ length: 2_000 }, (_, number) => ({
    id: UserId.parse(patientOf(number)),
    name: `Patient ${number}`,
    role: "patient" as const,
    dateOfBirth: null,
  }));
