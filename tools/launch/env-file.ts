import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadEnvFile } from "node:process";
import { root } from "./root.ts";

/** The Supabase project of `.env` or the environment; null when none is named. */
export function readProject(): { url: string; anonKey: string } | null {
  const file = join(root, ".env");
  if (existsSync(file)) loadEnvFile(file);
  const url = process.env.VITE_SUPABASE_URL?.trim();
  const anonKey = process.env.VITE_SUPABASE_ANON_KEY?.trim();
  if (!url && !anonKey) return null;
  if (!url || !anonKey) {
    const missing = url ? "VITE_SUPABASE_ANON_KEY" : "VITE_SUPABASE_URL";
    throw new Error(
      `${missing} is missing. Set both VITE_SUPABASE_URL and VITE_SUPABASE_ANON_KEY in .env, or neither to use the embedded demo clinic.`,
    );
  }
  return { url, anonKey };
}
