import { mkdirSync } from "node:fs";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { startBackend, type Backend } from "#tools/launch/backend.ts";

export type AppointmentOrder = {
  doctorId: string;
  patientId: string;
  startsAt?: Date;
  reason?: string;
};
export type SessionRow = {
  id: string;
  appointment_id: string;
  status: string;
  duration_seconds: number;
  notes: string | null;
  ended_at: string | null;
};
export type MessageRow = { id: string; session_id: string; sender_role: string; content: string };

/** The embedded demo clinic, which can be cut off and brought back at the same address. */
export class Clinic {
  #backend: Backend;
  #dataDir: string;
  /** Sees every row: for looking, never for what the product itself does. */
  readonly database: SupabaseClient;

  private constructor(backend: Backend, dataDir: string) {
    this.#backend = backend;
    this.#dataDir = dataDir;
    this.database = createClient(backend.url, backend.serviceKey, {
      auth: { persistSession: false, autoRefreshToken: false },
    });
  }

  static async start(dataDir: string): Promise<Clinic> {
    mkdirSync(dataDir, { recursive: true });
    return new Clinic(await startBackend({ dataDir, port: 0 }), dataDir);
  }

  get url(): string {
    return this.#backend.url;
  }

  get anonKey(): string {
    return this.#backend.anonKey;
  }

  get patientUrl(): string {
    return this.#backend.patientUrl;
  }

  /** Cuts it off without warning. */
  kill(): Promise<void> {
    return this.#backend.kill();
  }

  /** Brings it back with the same data at the same address. */
  async restart(): Promise<void> {
    const port = Number(new URL(this.url).port);
    this.#backend = await startBackend({ dataDir: this.#dataDir, port });
  }

  close(): Promise<void> {
    return this.#backend.close();
  }

  /** Books an appointment, by default for this moment; returns its id. */
  async book({ doctorId, patientId, startsAt = new Date(), reason }: AppointmentOrder) {
    const { data } = await this.database
      .from("appointments")
      .insert({
        doctor_id: doctorId,
        patient_id: patientId,
        starts_at: startsAt.toISOString(),
        duration_minutes: 20,
        type: "chat",
        reason: reason ?? null,
      })
      .select("id")
      .single<{ id: string }>()
      .throwOnError();
    return data.id;
  }

  async sessionsOf(appointmentId: string): Promise<SessionRow[]> {
    const { data } = await this.database
      .from("consultation_sessions")
      .select("id, appointment_id, status, duration_seconds, notes, ended_at")
      .eq("appointment_id", appointmentId)
      .order("started_at")
      .overrideTypes<SessionRow[], { merge: false }>()
      .throwOnError();
    return data;
  }

  async messagesOf(sessionId: string): Promise<MessageRow[]> {
    const { data } = await this.database
      .from("consultation_messages")
      .select("id, session_id, sender_role, content")
      .eq("session_id", sessionId)
      .order("seq")
      .overrideTypes<MessageRow[], { merge: false }>()
      .throwOnError();
    return data;
  }
}
