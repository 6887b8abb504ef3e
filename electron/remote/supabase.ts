import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { recogniseFault } from "#shared/consultation/describe-fault.ts";
import { guardedFetch } from "./guarded-fetch.ts";

/** Where auth-js keeps the session between starts: small texts by name, kept encrypted. */
export type SessionStorage = {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
};

/** The name under which the session lies in its storage. */
export const SESSION_NAME = "session";

/** A connection to one project, as the rooms hand it on. */
export type Connection = SupabaseClient;

/**
 * How often the socket is asked whether it lives; one that has not answered by the next time is given
 * up and joined anew. So a dead one is noticed in less than twice this.
 */
const HEARTBEAT_MS = 4_000;

export type RemoteProject = { url: string; anonKey: string };

/**
 * Opens the connection to a project. It signs in from the storage, refreshes its token by itself, and
 * keeps the session through any failure of the network.
 */
export function openSupabase(
  project: RemoteProject,
  storage: SessionStorage,
  send: typeof fetch,
): Connection {
  const closing = new AbortController();
  const client = createClient(project.url, project.anonKey, {
    auth: {
      storage: openStorage(storage, closing.signal),
      storageKey: SESSION_NAME,
      persistSession: true,
      autoRefreshToken: true,
      detectSessionInUrl: false,
    },
    realtime: { heartbeatIntervalMs: HEARTBEAT_MS },
    global: { fetch: guardedFetch(project.anonKey, send, closing.signal) },
  });
  closings.set(client, closing);
  return client;
}

/** How to close each connection. */
const closings = new WeakMap<Connection, AbortController>();

/**
 * The storage of one connection while it is open. A refresh that comes back late must not write a
 * session into a file that belongs to the next sign-in.
 */
const openStorage = (storage: SessionStorage, closed: AbortSignal): SessionStorage => ({
  getItem: (name) => (closed.aborted ? null : storage.getItem(name)),
  setItem(name, value) {
    if (!closed.aborted) storage.setItem(name, value);
  },
  removeItem(name) {
    if (!closed.aborted) storage.removeItem(name);
  },
});

/** Stops timers, requests and sockets. The stored session stays. */
export async function closeSupabase(client: Connection): Promise<void> {
  closings.get(client)?.abort();
  await client.auth.stopAutoRefresh();
  await client.removeAllChannels();
  await client.realtime.disconnect();
}

/**
 * Runs `ended` when the auth server has ended the session for good: revoked, expired, or its user
 * deleted. A network that is away never counts. Called outside of auth-js's own lock.
 */
export function onSessionEnded(client: Connection, ended: () => void): void {
  client.auth.onAuthStateChange((event) => {
    if (event === "SIGNED_OUT") setTimeout(ended);
  });
}

/** The stored session's word against the server's: false when a new token is refused for good. */
export async function canRenew(client: Connection): Promise<boolean> {
  const { error } = await client.auth.refreshSession();
  if (!error) return true;
  return ["offline", "server", "quota"].includes(recogniseFault(error, error.status));
}
