import {
  consultationStatus,
  personOfStatus,
  type ConsultationStatus,
} from "#shared/consultation/calls.ts";
import { ConsultationError } from "#shared/consultation/consultation-error.ts";
import type { Result } from "#shared/contract/fault.ts";
import type { ClinicSettings } from "#shared/contract/state.ts";
import type { Person } from "#shared/model/person.ts";
import { attempt } from "./attempt.ts";
import type { Connection } from "./supabase.ts";
import { findVersionFault } from "./versions.ts";

/** Who the server takes the caller for, and what his clinic has set. */
export type Profile = { person: Person; settings: ClinicSettings | null };

const settingsOf = ({ settings }: ConsultationStatus): ClinicSettings | null =>
  settings && {
    clinicName: settings.clinic_name ?? null,
    clinicPhone: settings.clinic_phone ?? null,
    emergencyNumber: settings.emergency_number ?? null,
    patientPageUrl: settings.patient_page_url ?? null,
  };

/**
 * Asks the server who is signed in. Faults: `tables_missing`, `tables_old`, `app_old`, and
 * `account_blocked` for somebody whom the clinic does not know as one of its own: a patient's place is
 * the patient page, and his rows must not be copied to a clinic's machine.
 */
export const getProfile = (client: Connection, appVersion: string): Promise<Result<Profile>> =>
  attempt(async () => {
    const status = await consultationStatus(client);
    const versionFault = findVersionFault(status, appVersion);
    if (versionFault !== null) throw new ConsultationError(versionFault);
    const person = personOfStatus(status);
    if (person === null || person.role === "patient") {
      throw new ConsultationError("account_blocked");
    }
    return { person, settings: settingsOf(status) };
  });

/** Signs in with a password and asks who that is. After a fault nobody is signed in. */
export async function signIn(
  client: Connection,
  { email, password }: { email: string; password: string },
  appVersion: string,
): Promise<Result<Profile>> {
  const entered = await attempt(async () => {
    const { error } = await client.auth.signInWithPassword({ email, password });
    if (error) throw ConsultationError.from(error, error.status);
  });
  if (!entered.ok) return entered;
  const profile = await getProfile(client, appVersion);
  if (!profile.ok) await signOut(client);
  return profile;
}

/** How long a sign-out waits for a server that does not answer. */
const SIGN_OUT_MS = 3_000;

/**
 * Ends the session on this machine at once, and on the server if it answers in time. What is stored here
 * is gone even without network; the server's token then runs out by itself.
 */
export async function signOut(client: Connection): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, SIGN_OUT_MS);
  await Promise.race([client.auth.signOut({ scope: "local" }).catch(() => undefined), late]);
  clearTimeout(timer);
}
