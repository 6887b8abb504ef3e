import type { FaultCode } from "../contract/fault.ts";

/** One plain English sentence or two for each fault: what happened, and the next step. */
const sentences = {
  offline:
    "The server cannot be reached. Check the network connection; the work goes on when it is back.",
  not_signed_in: "You are not signed in, or your sign-in has expired. Sign in again.",
  wrong_credentials: "The email address or the password is not right. Check both and try again.",
  account_blocked:
    "This account is signed in but is not known to the clinic. Ask the clinic to add it.",
  not_configured:
    "No Supabase project is set up yet. Give VITE_SUPABASE_URL and VITE_SUPABASE_ANON_KEY.",
  invalid_url:
    "This is not the address of a Supabase project. It looks like https://your-project.supabase.co and stands under Project Settings, API.",
  insecure_url:
    "The address begins with http, which would send patients' words unprotected. Use the https address.",
  invalid_key:
    "The server does not accept this key. Copy the publishable (anon) key again from Project Settings, API keys.",
  secret_key:
    "This is a secret key, which can read everything past all rules and must never leave the server. Use the publishable (anon) key, and replace the secret key if it was shared.",
  tables_missing:
    "The consultation tables were not found in this Supabase project. Run db/04_create_consultation_tables.sql in its SQL Editor, then try again.",
  tables_old:
    "The consultation tables of this Supabase project are older than this app. Run the newest db/04_create_consultation_tables.sql in its SQL Editor once more; nothing is lost.",
  app_old: "This app is older than the clinic's server allows. Update the app.",
  realtime_off:
    "Live updates are not available from this Supabase project. Turn Realtime on under Project Settings, Realtime; until then new messages arrive with a delay.",
  refused:
    "The server refused this: you are not a participant of this consultation, or it does not allow that step. Check that the right person is signed in.",
  quota:
    "The Supabase project has reached a limit of its plan and does not accept this now. Wait a moment; if it stays, look at the usage page of the project.",
  server: "The server answered with an error of its own. Try again; if it stays, look at its logs.",
  not_found:
    "This consultation or appointment was not found, or you have no access to it. Check that it exists and that you are one of its sides.",
  already_ended: "This consultation has ended. Start the appointment again to write more.",
  already_signed: "The notes are signed and stay as they are. The consultation has ended.",
  appointment_mismatch:
    "The patient or the doctor is not the one of this appointment. Start it from the right appointment.",
  history_changed:
    "The clinic's database was restored from a backup. Everything is fetched from it again; nothing that you wrote is lost.",
  invalid_input: "Something in this request is not valid. Check what was typed and try again.",
  unsent_work: "Some messages have not been sent yet. Send or discard them first.",
  cache_locked: "Another window of this app is open for the same person. Close it first.",
  cache_corrupt: "The local copy is damaged. It is fetched again from the server.",
  disk_full: "The disk is full. Free some space and try again.",
  keyring_unavailable:
    "The operating system cannot keep a key safe right now. Unlock its keychain or password store.",
  unsupported: "This is not available here. Use the workstation.",
  cancelled: "This was stopped before it was done.",
  unexpected: "Something went wrong that should not. Try again; if it stays, tell the clinic.",
} as const satisfies Record<FaultCode, string>;

/** The English words of every fault, as a resource for translation: `fault.<code>`. */
export const faultSentences: Readonly<Record<FaultCode, string>> = sentences;

/** The translation key of a fault's sentence. */
export const faultKey = <Code extends FaultCode>(code: Code): `fault.${Code}` => `fault.${code}`;

/** Says a fault in plain English with the next step. Holds nothing of the error itself. */
export const describeFault = (code: FaultCode): string => sentences[code];

/** SQLSTATEs, and the codes of PostgREST, Auth, Storage and Realtime, that mean one thing only. */
const byCode: Readonly<Record<string, FaultCode>> = {
  // The database's own rules (db/schema/README.md).
  CR001: "appointment_mismatch",
  CR002: "already_ended",
  CR003: "already_signed",
  CR004: "history_changed",
  P0002: "not_found",
  "22023": "invalid_input",
  // PostgreSQL.
  "42P01": "tables_missing",
  "42703": "tables_old",
  "42883": "tables_old",
  "42501": "refused",
  "25006": "quota", // read-only: hosted projects are switched to it when the disk is full
  "53100": "quota",
  "53200": "server",
  "53300": "server",
  "53400": "quota",
  "57014": "server",
  "22P02": "invalid_input",
  "22001": "invalid_input",
  "23502": "invalid_input",
  "23503": "not_found",
  "23514": "invalid_input",
  // PostgREST.
  PGRST000: "server",
  PGRST001: "server",
  PGRST002: "server",
  PGRST003: "server",
  PGRST106: "tables_missing",
  PGRST116: "not_found",
  PGRST200: "tables_old",
  PGRST202: "tables_old",
  PGRST203: "tables_old",
  PGRST204: "tables_old",
  PGRST205: "tables_missing",
  PGRST300: "server",
  PGRST301: "not_signed_in",
  PGRST302: "not_signed_in",
  PGRST303: "not_signed_in",
  // Auth.
  invalid_credentials: "wrong_credentials",
  email_not_confirmed: "wrong_credentials",
  user_not_found: "wrong_credentials",
  user_banned: "account_blocked",
  session_not_found: "not_signed_in",
  session_expired: "not_signed_in",
  refresh_token_not_found: "not_signed_in",
  refresh_token_already_used: "not_signed_in",
  bad_jwt: "not_signed_in",
  no_authorization: "not_signed_in",
  over_request_rate_limit: "quota",
  over_email_send_rate_limit: "quota",
  validation_failed: "invalid_input",
  // Storage.
  NoSuchBucket: "tables_missing",
  NoSuchKey: "not_found",
  EntityTooLarge: "quota",
  AccessDenied: "refused",
  InvalidJWT: "not_signed_in",
  // Realtime.
  RealtimeDisabledForTenant: "realtime_off",
  RealtimeDisabledForConfiguration: "realtime_off",
  TenantNotFound: "realtime_off",
  ConnectionRateLimitReached: "quota",
  ChannelRateLimitReached: "quota",
  ClientJoinRateLimitReached: "quota",
  MessagePerSecondRateLimitReached: "quota",
  DatabaseLackOfConnections: "server",
  InvalidJWTExpiration: "not_signed_in",
  ExpiredToken: "not_signed_in",
  // Node's fetch.
  ECONNREFUSED: "offline",
  ECONNRESET: "offline",
  ENOTFOUND: "offline",
  EAI_AGAIN: "offline",
  ETIMEDOUT: "offline",
  UND_ERR_CONNECT_TIMEOUT: "offline",
};

const byName: Readonly<Record<string, FaultCode>> = {
  AuthRetryableFetchError: "offline",
  AuthSessionMissingError: "not_signed_in",
  AuthInvalidJwtError: "not_signed_in",
  AuthInvalidCredentialsError: "wrong_credentials",
  FunctionsFetchError: "offline",
  AbortError: "cancelled",
  TimeoutError: "offline",
  ZodError: "server",
};

const byStatus: Readonly<Record<number, FaultCode>> = {
  0: "offline",
  401: "not_signed_in",
  402: "quota",
  403: "refused",
  404: "not_found",
  408: "offline",
  413: "quota",
  429: "quota",
  502: "offline",
  503: "offline",
  504: "offline",
};

/** What each browser, and Node, says when a request never arrived. */
const NETWORK_WORDS =
  /failed to fetch|fetch failed|networkerror|network request failed|load failed|websocket|socket closed|connection (refused|reset|closed)/i;

const fieldOf = (error: unknown, name: string): unknown =>
  typeof error === "object" && error !== null && name in error
    ? (error as Record<string, unknown>)[name]
    : undefined;

const textOf = (error: unknown, name: string): string => {
  const value = fieldOf(error, name);
  return typeof value === "string" ? value : "";
};

const numberOf = (error: unknown, name: string): number | undefined => {
  const value = fieldOf(error, name);
  const number = typeof value === "string" ? Number.parseInt(value, 10) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
};

/** Realtime gives its reason as `Name: sentence`, inside an Error's message. */
const realtimeCode = (message: string): FaultCode | undefined => {
  const name = /\b([A-Z][A-Za-z]+):/.exec(message)?.[1];
  if (name === "Unauthorized") return "refused";
  return name === undefined ? undefined : byCode[name];
};

/**
 * Finds the fault behind anything that supabase-js, PostgREST, Auth, Storage, Realtime or fetch
 * threw or returned. `status` is the HTTP status where the caller knows it. Codes are asked first,
 * then names, then the status, and an error's words only where there is nothing else.
 */
export function recogniseFault(error: unknown, status?: number): FaultCode {
  const message = typeof error === "string" ? error : textOf(error, "message");
  const name = textOf(error, "name");
  const code = textOf(error, "code") || textOf(error, "error") || textOf(error, "statusCode");
  const http = status ?? numberOf(error, "status") ?? numberOf(error, "statusCode");

  // A gateway in front of PostgREST refuses a wrong key before any token is looked at.
  if (/invalid api key|no api key found/i.test(message)) return "invalid_key";
  if (http === 402 || http === 429) return "quota";
  // An expired token is answered by 42501 or 401 depending on the layer; the words tell.
  if (/jwt expired/i.test(message)) return "not_signed_in";
  // PostgREST answers 42501 with 401 when the caller was anonymous, 403 when he was somebody.
  if (code === "42501" && http === 401) return "not_signed_in";
  // A standby that a load balancer has picked: the next try reaches the primary.
  if (code === "25006" && /read replica/i.test(message)) return "server";
  // A read-only project says so in its words when a gateway hides the SQLSTATE.
  if (/read-only transaction/i.test(message)) return "quota";

  const known = byCode[code] ?? byName[name] ?? realtimeCode(message);
  if (known !== undefined) return known;
  if (name === "TypeError" && NETWORK_WORDS.test(message)) return "offline";
  const cause = fieldOf(error, "cause");
  if (http === undefined && cause !== undefined && cause !== error) {
    const beneath = recogniseFault(cause);
    if (beneath !== "unexpected") return beneath;
  }
  if (http !== undefined && http < 600) {
    // supabase-js reports a cancelled request as status 0 too.
    if (http === 0 && /AbortError/.test(message)) return "cancelled";
    const meant = byStatus[http];
    if (meant !== undefined) return meant;
    if (http >= 500) return "server";
    if (http >= 400) return "invalid_input";
  }
  return NETWORK_WORDS.test(message) ? "offline" : "unexpected";
}
