import type { SupabaseClient } from "@supabase/supabase-js";
import { z } from "zod";
import { answered, getSessionRow, signedInUserId } from "#shared/consultation/calls.ts";
import { ConsultationError } from "#shared/consultation/consultation-error.ts";
import {
  APPOINTMENT_COLUMNS,
  AppointmentRow,
  MESSAGE_COLUMNS,
  MessageRow,
  PERSON_COLUMNS,
  PersonRow,
  SESSION_COLUMNS,
  SessionRow,
  appointmentFromRow,
  messageFromRow,
  personFromRow,
  sessionFromRow,
} from "#shared/consultation/rows.ts";
import type { QueryOut } from "#shared/contract/bridge.ts";
import type { SessionCursor } from "#shared/contract/queries.ts";
import type { AppointmentItem } from "#shared/model/appointment.ts";
import type { AppointmentId, SessionId, UserId } from "#shared/model/ids.ts";
import type { Message } from "#shared/model/message.ts";
import type { Person } from "#shared/model/person.ts";
import type { SessionSummary } from "#shared/model/session.ts";

/** Ids in one request: the address of a request has to stay short. */
const CHUNK = 80;

const chunks = <T>(all: readonly T[]): T[][] => {
  const parts: T[][] = [];
  for (let at = 0; at < all.length; at += CHUNK) parts.push(all.slice(at, at + CHUNK));
  return parts;
};

const confirmedNow = () => new Date().toISOString();

/** The answers to the contract's reads, from the server: what row security lets this user see. */
export class ServerReads {
  readonly #client: SupabaseClient;
  readonly #people = new Map<UserId, Person>();

  constructor(client: SupabaseClient) {
    this.#client = client;
  }

  forget(): void {
    this.#people.clear();
  }

  async listAppointments(from: string, to: string): Promise<QueryOut<"appointments.list">> {
    const rows = await answered(
      this.#client
        .from("clinic_appointments")
        .select(APPOINTMENT_COLUMNS)
        .gte("starts_at", from)
        .lt("starts_at", to)
        .order("starts_at")
        .order("id"),
      z.array(AppointmentRow),
    );
    return { items: await this.#asItems(rows), asOf: confirmedNow() };
  }

  async getAppointmentRow(appointmentId: AppointmentId): Promise<AppointmentRow> {
    return answered(
      this.#client
        .from("clinic_appointments")
        .select(APPOINTMENT_COLUMNS)
        .eq("id", appointmentId)
        .single(),
      AppointmentRow,
    );
  }

  async getAppointment(appointmentId: AppointmentId): Promise<QueryOut<"appointments.get">> {
    const row = await this.getAppointmentRow(appointmentId);
    const [item] = await this.#asItems([row]);
    if (item === undefined) throw new ConsultationError("not_found");
    return { item, patient: this.#people.get(row.patient_id) ?? null, asOf: confirmedNow() };
  }

  async listSessions(asked: {
    limit: number;
    before: SessionCursor | null;
    person?: string | undefined;
    day?: string | undefined;
  }): Promise<QueryOut<"sessions.list">> {
    let request = this.#client
      .from("consultation_sessions")
      .select(SESSION_COLUMNS)
      .is("deleted_at", null);
    if (asked.before !== null) {
      const { startedAt, id } = asked.before;
      request = request.or(
        `started_at.lt."${startedAt}",and(started_at.eq."${startedAt}",id.lt.${id})`,
      );
    }
    if (asked.day !== undefined) {
      const start = new Date(`${asked.day}T00:00:00`);
      const end = new Date(start);
      end.setDate(end.getDate() + 1);
      request = request.gte("started_at", start.toISOString()).lt("started_at", end.toISOString());
    }
    if (asked.person !== undefined && asked.person.trim() !== "") {
      const ids = await this.#findPeople(asked.person.trim());
      if (ids.length === 0) return { items: [], next: null, asOf: confirmedNow() };
      const list = ids.join(",");
      request = request.or(`patient_id.in.(${list}),doctor_id.in.(${list})`);
    }
    const rows = await answered(
      request
        .order("started_at", { ascending: false })
        .order("id", { ascending: false })
        .limit(asked.limit + 1),
      z.array(SessionRow),
    );
    const page = rows.slice(0, asked.limit);
    const last = page.at(-1);
    const next =
      rows.length > page.length && last !== undefined
        ? { startedAt: last.started_at, id: last.id }
        : null;
    return { items: await this.#asSummaries(page), next, asOf: confirmedNow() };
  }

  async getSession(sessionId: SessionId): Promise<QueryOut<"sessions.get">> {
    const [session] = await this.#asSummaries([await getSessionRow(this.#client, sessionId)]);
    if (session === undefined) throw new ConsultationError("not_found");
    return { session, asOf: confirmedNow() };
  }

  async listSessionsOf(
    appointmentId: AppointmentId,
  ): Promise<QueryOut<"sessions.listForAppointment">> {
    const rows = await answered(
      this.#client
        .from("consultation_sessions")
        .select(SESSION_COLUMNS)
        .eq("appointment_id", appointmentId)
        .is("deleted_at", null)
        .order("started_at")
        .order("id"),
      z.array(SessionRow),
    );
    const all = await this.#asSummaries(rows);
    return {
      live: all.find((each) => each.status !== "ended") ?? null,
      ended: all.filter((each) => each.status === "ended"),
      asOf: confirmedNow(),
    };
  }

  /** One page of what the server has and the clinic has not taken back; what is still on its way is the caller's to add. */
  async listMessages(
    sessionId: SessionId,
    beforeSeq: number | null,
    limit: number,
  ): Promise<{ messages: Message[]; more: boolean }> {
    let request = this.#client
      .from("consultation_messages")
      .select(MESSAGE_COLUMNS)
      .eq("session_id", sessionId)
      .is("deleted_at", null);
    if (beforeSeq !== null) request = request.lt("seq", beforeSeq);
    const rows = await answered(
      request.order("seq", { ascending: false }).limit(limit + 1),
      z.array(MessageRow),
    );
    const page = rows.slice(0, limit).toReversed();
    return { messages: page.map((row) => messageFromRow(row)), more: rows.length > limit };
  }

  /** The others who are called so: whoever searches means the other side. */
  async #findPeople(part: string): Promise<UserId[]> {
    const me = await signedInUserId(this.#client);
    const pattern = part.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);
    const rows = await answered(
      this.#client
        .from("clinic_people")
        .select(PERSON_COLUMNS)
        .ilike("full_name", `%${pattern}%`)
        .neq("id", me)
        .limit(CHUNK),
      z.array(PersonRow),
    );
    return rows.map((row) => row.id);
  }

  /** Learns the names of those that are not known yet. */
  async #meet(ids: Iterable<UserId>): Promise<void> {
    const strangers = [...new Set(ids)].filter((id) => !this.#people.has(id));
    for (const part of chunks(strangers)) {
      const rows = await answered(
        this.#client.from("clinic_people").select(PERSON_COLUMNS).in("id", part),
        z.array(PersonRow),
      );
      for (const row of rows) this.#people.set(row.id, personFromRow(row));
    }
  }

  #nameOf(id: UserId): string | null {
    return this.#people.get(id)?.name || null;
  }

  async #asSummaries(rows: SessionRow[]): Promise<SessionSummary[]> {
    await this.#meet(rows.flatMap((row) => [row.patient_id, row.doctor_id]));
    return rows.map((row) => ({
      ...sessionFromRow(row),
      patientName: this.#nameOf(row.patient_id),
      doctorName: this.#nameOf(row.doctor_id),
      endQueued: false,
    }));
  }

  async #asItems(rows: AppointmentRow[]): Promise<AppointmentItem[]> {
    await this.#meet(rows.flatMap((row) => [row.patient_id, row.doctor_id]));
    const sessions: SessionRow[] = [];
    for (const part of chunks(rows.map((row) => row.id))) {
      sessions.push(
        ...(await answered(
          this.#client
            .from("consultation_sessions")
            .select(SESSION_COLUMNS)
            .in("appointment_id", part)
            .is("deleted_at", null)
            .order("started_at"),
          z.array(SessionRow),
        )),
      );
    }
    return rows.map((row) => {
      const own = sessions.filter((session) => session.appointment_id === row.id);
      const latest = own.find((session) => session.status !== "ended") ?? own.at(-1);
      return {
        ...appointmentFromRow(row),
        patientName: this.#nameOf(row.patient_id),
        doctorName: this.#nameOf(row.doctor_id),
        session: latest === undefined ? null : { id: latest.id, status: latest.status },
        endedSessions: own.filter((session) => session.status === "ended").length,
      };
    });
  }
}
