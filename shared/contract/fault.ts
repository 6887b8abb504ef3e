import { z } from "zod";

/** Expected ways to fail. Each has one plain sentence with the next step in `describe-fault.ts`. */
export const FaultCode = z.enum([
  "offline", // the backend cannot be reached
  "not_signed_in", // no session, or it has expired for good
  "wrong_credentials",
  "account_blocked", // signed in, but not a person of this clinic
  "not_configured", // no Supabase address or key yet
  "invalid_url",
  "insecure_url", // plain http beyond loopback
  "invalid_key",
  "secret_key", // a service_role or sb_secret_ key was given
  "tables_missing", // the script has not been pasted
  "tables_old", // the script must be pasted again
  "app_old", // the project asks for a newer app
  "realtime_off",
  "refused", // row security or a rule of the database said no
  "quota", // 402, 429 or a read-only database
  "server", // the server answered with an error of its own
  "not_found",
  "already_ended",
  "already_signed", // the record is signed: ended, but the notes stay
  "appointment_mismatch",
  "history_changed", // the database was restored: what was fetched from it does not fit any more
  "invalid_input",
  "unsent_work", // sign-out with messages that are not sent yet
  "cache_locked", // another copy of the app has this user's cache open
  "cache_corrupt",
  "disk_full",
  "keyring_unavailable", // the operating system cannot keep a key safe
  "unsupported", // this host does not offer it (e.g. workstation-only calls on the patient page)
  "cancelled",
  "unexpected", // a bug; `ref` finds it in the log
]);
export type FaultCode = z.infer<typeof FaultCode>;

/** A failure as a value. `message` never holds a patient's words; `ref` finds the line in the log. */
export type Fault = { ok: false; fault: FaultCode; message: string; ref: string | null };
export type Ok<T> = { ok: true; value: T };
export type Result<T> = Ok<T> | Fault;

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });
export const fault = (code: FaultCode, message: string, ref: string | null = null): Fault => ({
  ok: false,
  fault: code,
  message,
  ref,
});
