import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { guardedFetch } from "./guarded-fetch.ts";

/** Where auth-js keeps the session between starts: small texts by name, kept encrypted. */
export type SessionStorage = {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
};

/** The name under which the session lies in its storage. */
export const SESSION_NAME = "session";

export type RemoteProject = { url: string; anonKey: string };

/**
 * Opens the connection to a project. It signs in from the storage, refreshes its token by itself, and
 * keeps the session through any failure of the network.
 */
export function openSupabase(
  project: RemoteProject,
  storage: SessionStorage,
  send: typeof fetch,
): SupabaseClient {
  return createClient(project.url, project.anonKey, {
    auth: {
      storage,
      storageKey: SESSION_NAME,
      persistSession: true,
      autoRefreshToken: true,
      detectSessionInUrl: false,
    },
    global: { fetch: guardedFetch(project.anonKey, send) },
  });
}

/** Stops timers and sockets. The stored session stays. */
export async function closeSupabase(client: SupabaseClient): Promise<void> {
  await client.auth.stopAutoRefresh();
  await client.removeAllChannels();
  await client.realtime.disconnect();
}
