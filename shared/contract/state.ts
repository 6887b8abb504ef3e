import { z } from "zod";
import { Person } from "../model/person.ts";
import { timestamp } from "../model/time.ts";
import { FaultCode } from "./fault.ts";

/** What a clinic has set in `consultation_settings`; null where it has said nothing. */
export const ClinicSettings = z.object({
  clinicName: z.string().nullable(),
  clinicPhone: z.string().nullable(),
  emergencyNumber: z.string().nullable(),
  patientPageUrl: z.string().nullable(),
});
export type ClinicSettings = z.infer<typeof ClinicSettings>;

/** The state of sign-in. `offline: true` means signed in from what this machine keeps, not yet confirmed. */
export const Account = z.object({
  configured: z.boolean(),
  /** Host name of the Supabase project, for the sign-in screen; null when not configured. */
  server: z.string().nullable(),
  person: Person.nullable(),
  email: z.string().nullable(),
  settings: ClinicSettings.nullable(),
});
export type Account = z.infer<typeof Account>;

export const Connection = z.enum(["connecting", "online", "offline"]);
export type Connection = z.infer<typeof Connection>;

/** What the status strip shows of the work in the background. */
export const SyncState = z.object({
  connection: Connection,
  /** When the cache last equalled the server; null when it never did. */
  asOf: timestamp.nullable(),
  queued: z.int().nonnegative(),
  refused: z.int().nonnegative(),
  /** Progress of a long first pull: rows so far; null when none runs. */
  pulling: z.object({ rows: z.int().nonnegative() }).nullable(),
  /** Why the last attempt failed, when it failed for a reason that somebody must act on. */
  fault: z.object({ code: FaultCode, message: z.string() }).nullable(),
});
export type SyncState = z.infer<typeof SyncState>;
