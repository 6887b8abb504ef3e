import type { FaultCode } from "#shared/contract/fault.ts";

/**
 * For every way to fail: what happened, and what to do next, in words that a tired person understands.
 * The server's own message is shown beside it only where it says more (see useFaultWords).
 */
export const faults = {
  offline: {
    title: "The clinic's server cannot be reached",
    next: "Check the network. It goes on by itself when the connection is back.",
  },
  not_signed_in: {
    title: "You are not signed in",
    next: "Sign in, then open this again.",
  },
  wrong_credentials: {
    title: "Email or password is wrong",
    next: "Check both and try again. The clinic can reset the password.",
  },
  account_blocked: {
    title: "This account cannot be used here",
    next: "Ask the clinic to add it, or sign in with another account.",
  },
  not_configured: {
    title: "No clinic server is set up yet",
    next: "Enter the address and the key that the clinic gave you.",
  },
  invalid_url: {
    title: "This is not the address of a server",
    next: "It looks like https://name.supabase.co. Copy it from the project's settings.",
  },
  insecure_url: {
    title: "This address is not encrypted",
    next: "Use the address that begins with https://.",
  },
  invalid_key: {
    title: "The server does not accept this key",
    next: "Copy the anon (public) key again from the project's API settings.",
  },
  secret_key: {
    title: "This is a secret key and must not be used here",
    next: "Use the anon (public) key. If the secret key was shared with anyone, replace it now.",
  },
  tables_missing: {
    title: "The server has no consultation tables yet",
    next: "Ask the clinic's administrator to run the setup script in Supabase.",
  },
  tables_old: {
    title: "The server's tables are older than this app",
    next: "Ask the clinic's administrator to run the setup script again. Nothing is lost by it.",
  },
  app_old: {
    title: "This app is too old for the clinic's server",
    next: "Install the newest version, then open it again.",
  },
  realtime_off: {
    title: "Live updates are switched off on the server",
    next: "New messages come more slowly. Ask the administrator to switch Realtime on in Supabase.",
  },
  history_changed: {
    title: "The clinic's database was restored from a backup",
    next: "Everything is fetched from it again. Nothing that you wrote is lost.",
  },
  refused: {
    title: "You have no access to this",
    next: "If you should have, ask the clinic to check your account.",
  },
  quota: {
    title: "The server takes nothing more at the moment",
    next: "Its limit is reached. Ask the administrator to check the plan; it is tried again by itself.",
  },
  server: {
    title: "The server had a problem",
    next: "Try again in a minute.",
  },
  not_found: {
    title: "This is no longer there",
    next: "It was removed, or you no longer have access to it.",
  },
  already_ended: {
    title: "This consultation has ended",
    next: "It can be read in the history.",
  },
  already_signed: {
    title: "The record is signed, so its notes stay as they are",
    next: "The consultation has ended. Add an addendum if something must be corrected.",
  },
  appointment_mismatch: {
    title: "This consultation does not match the appointment",
    next: "Open it again from the list of appointments.",
  },
  invalid_input: {
    title: "This was not accepted",
    next: "Check what was entered and try again.",
  },
  unsent_work: {
    title: "Some messages are not sent yet",
    next: "Wait until they are sent, or discard them.",
  },
  cache_locked: {
    title: "Consulting Room is already open on this computer",
    next: "Use the window that is open, or close it first.",
  },
  cache_corrupt: {
    title: "The copy on this computer is damaged",
    next: "It is built again from the server as soon as there is a connection.",
  },
  disk_full: {
    title: "The disk is full",
    next: "Free some space, then try again. What you typed is still here.",
  },
  keyring_unavailable: {
    title: "This computer cannot keep the records safe",
    next: "Unlock or set up the system's keyring, then start again.",
  },
  unsupported: {
    title: "This is not possible here",
    next: "Use the workstation for it.",
  },
  cancelled: {
    title: "This was stopped",
    next: "Try again if you still need it.",
  },
  unexpected: {
    title: "Something went wrong in the app",
    next: "Try again. If it happens again, give the reference to support.",
  },
} as const satisfies Record<FaultCode, { title: string; next: string }>;
