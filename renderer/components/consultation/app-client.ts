import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { ConsultationError } from "#shared/consultation/consultation-error.ts";
import { checkAnonKey, checkProjectUrl } from "#shared/consultation/project-address.ts";

let client: SupabaseClient | null = null;

/**
 * The client of the app around the components, made from `VITE_SUPABASE_URL` and
 * `VITE_SUPABASE_ANON_KEY` when it is first needed. It keeps its sign-in where every supabase-js
 * client of that project keeps it, so whoever is signed in to the app is signed in here.
 * Throws `not_configured`, or what is wrong with the address or the key.
 */
export function getAppClient(): SupabaseClient {
  if (client) return client;
  const { VITE_SUPABASE_URL: url, VITE_SUPABASE_ANON_KEY: key } = import.meta.env as Record<
    string,
    string | undefined
  >;
  if (!url || !key) throw new ConsultationError("not_configured");
  const address = checkProjectUrl(url);
  if (!address.ok) throw new ConsultationError(address.fault);
  const anonKey = checkAnonKey(key);
  if (!anonKey.ok) throw new ConsultationError(anonKey.fault);
  client = createClient(address.value, anonKey.value);
  return client;
}
