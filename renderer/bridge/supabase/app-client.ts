import { type SupabaseClient, createClient } from "@supabase/supabase-js";
import { ConsultationError } from "#shared/consultation/consultation-error.ts";
import { checkAnonKey, checkProjectUrl } from "#shared/consultation/project-address.ts";
import { type ConsultationService, makeConsultationService } from "#shared/consultation/service.ts";
import { type SupabaseBridge, makeSupabaseBridge } from "./supabase-bridge.ts";

let configured: SupabaseClient | null = null;
let made: SupabaseClient | null = null;
let bridge: { client: SupabaseClient; bridge: SupabaseBridge } | null = null;

/**
 * Gives the consultation components the app's own signed-in Supabase client. Call it once, before
 * they are shown. Without it they make one from `VITE_SUPABASE_URL` and `VITE_SUPABASE_ANON_KEY`,
 * which finds the app's sign-in in the browser's storage where supabase-js keeps it by default.
 */
export function configureConsultation({ client }: { client: SupabaseClient }): void {
  configured = client;
}

/** Makes a client after checking the address and the key. Throws `ConsultationError`. */
export function openProject(url: string, anonKey: string): SupabaseClient {
  const address = checkProjectUrl(url);
  if (!address.ok) throw new ConsultationError(address.fault);
  const key = checkAnonKey(anonKey);
  if (!key.ok) throw new ConsultationError(key.fault);
  return createClient(address.value, key.value);
}

/** The client of this page; throws `not_configured` where neither a client nor `VITE_*` was given. */
export function getAppClient(): SupabaseClient {
  if (configured !== null) return configured;
  if (made !== null) return made;
  const { VITE_SUPABASE_URL: url, VITE_SUPABASE_ANON_KEY: key } = import.meta.env as {
    VITE_SUPABASE_URL?: string;
    VITE_SUPABASE_ANON_KEY?: string;
  };
  if (!url || !key) throw new ConsultationError("not_configured");
  made = openProject(url, key);
  return made;
}

/** The one bridge over this page's client, shared by every component on it. */
export function getAppBridge(): SupabaseBridge {
  const client = getAppClient();
  if (bridge?.client !== client) {
    bridge?.bridge.close();
    bridge = { client, bridge: makeSupabaseBridge(client) };
  }
  return bridge.bridge;
}

/** The five calls of the owner's guide, over this page's client. */
export const consultationService: ConsultationService = makeConsultationService(getAppClient);
