import type { SupabaseClient } from "@supabase/supabase-js";
import { getSessionRow } from "#shared/consultation/calls.ts";
import type { SessionRow } from "#shared/consultation/rows.ts";
import type { AppointmentId, SessionId, UserId } from "#shared/model/ids.ts";

export type Sides = { doctor: UserId; patient: UserId; appointment: AppointmentId; ended: boolean };

/** Who the two sides of a session are, and whether it has ended: neither is undone, so it is asked once. */
export class SessionRoles {
  readonly #client: SupabaseClient;
  readonly #sides = new Map<SessionId, Sides>();

  constructor(client: SupabaseClient) {
    this.#client = client;
  }

  learn(row: SessionRow): void {
    this.#sides.set(row.id, {
      doctor: row.doctor_id,
      patient: row.patient_id,
      appointment: row.appointment_id,
      ended: row.status === "ended",
    });
  }

  async find(sessionId: SessionId): Promise<Sides> {
    const known = this.#sides.get(sessionId);
    if (known !== undefined) return known;
    const row = await getSessionRow(this.#client, sessionId);
    this.learn(row);
    return this.find(sessionId);
  }

  markEnded(sessionId: SessionId): void {
    const known = this.#sides.get(sessionId);
    if (known !== undefined) this.#sides.set(sessionId, { ...known, ended: true });
  }

  forget(): void {
    this.#sides.clear();
  }
}
