import { ConsultationError } from "#shared/consultation/consultation-error.ts";

/** Which project the page speaks to, and what it may say before anyone has signed in. */
export type PageConfig = {
  url: string;
  anonKey: string;
  clinicName: string | null;
  clinicPhone: string | null;
};

/** What the build was given. */
export type BuiltIn = { VITE_SUPABASE_URL?: string; VITE_SUPABASE_ANON_KEY?: string };

const textOf = (value: unknown, name: string): string | null => {
  const found =
    typeof value === "object" && value !== null && name in value
      ? (value as Record<string, unknown>)[name]
      : null;
  return typeof found === "string" && found.trim() !== "" ? found.trim() : null;
};

/**
 * Reads `config.json` beside the page, so that one build serves any clinic; what was built in
 * (`VITE_*`) is used where there is none. Throws `not_configured` when neither says anything, and
 * `offline` when the page's own host cannot be reached and nothing was built in.
 */
export async function loadConfig(built: BuiltIn, load: typeof fetch = fetch): Promise<PageConfig> {
  let beside: unknown = null;
  let unreachable = false;
  try {
    const answer = await load("./config.json", { cache: "no-cache" });
    // Many hosts answer a missing file with the page itself: that is no JSON.
    if (answer.ok) beside = await answer.json().catch(() => null);
  } catch {
    unreachable = true;
  }
  const url = textOf(beside, "url") ?? built.VITE_SUPABASE_URL;
  const anonKey = textOf(beside, "anonKey") ?? built.VITE_SUPABASE_ANON_KEY;
  if (!url || !anonKey) throw new ConsultationError(unreachable ? "offline" : "not_configured");
  return {
    url,
    anonKey,
    clinicName: textOf(beside, "clinicName"),
    clinicPhone: textOf(beside, "clinicPhone"),
  };
}
