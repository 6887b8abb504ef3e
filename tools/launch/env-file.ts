import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadEnvFile } from "node:process";
import { checkAnonKey, checkProjectUrl } from "#shared/consultation/project-address.ts";
import { root } from "./root.ts";

type Project = { url: string; anonKey: string };

/** The Supabase project of `.env` or the environment, checked; null when none is named. */
export function readProject(): Project | null {
  const file = join(root, ".env");
  if (existsSync(file)) loadEnvFile(file);
  return checkProject(process.env);
}

/**
 * Checks what names the project, as the workstation itself does; null when nothing is given. Throws a
 * sentence that says which setting is wrong and what to do; never repeats a key.
 */
export function checkProject(env: Record<string, string | undefined>): Project | null {
  const url = env.VITE_SUPABASE_URL?.trim();
  const anonKey = env.VITE_SUPABASE_ANON_KEY?.trim();
  if (!url && !anonKey) return null;
  if (!url || !anonKey) {
    const missing = url ? "VITE_SUPABASE_ANON_KEY" : "VITE_SUPABASE_URL";
    throw new Error(
      `${missing} is missing. Set both VITE_SUPABASE_URL and VITE_SUPABASE_ANON_KEY in .env, or neither to use the embedded demo clinic.`,
    );
  }
  const key = checkAnonKey(anonKey);
  if (!key.ok) throw new Error(`VITE_SUPABASE_ANON_KEY in .env: ${key.message}`);
  const address = checkProjectUrl(url);
  if (!address.ok) throw new Error(`VITE_SUPABASE_URL in .env (${url}): ${address.message}`);
  return { url: address.value, anonKey: key.value };
}
