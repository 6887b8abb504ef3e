import { type Result, fault, ok } from "../contract/fault.ts";
import { describeFault } from "./describe-fault.ts";

const refuse = (code: "invalid_url" | "insecure_url" | "invalid_key" | "secret_key") =>
  fault(code, describeFault(code));

/** True for an address that never leaves this machine. */
const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" ||
  hostname === "[::1]" ||
  hostname.endsWith(".localhost") ||
  /^127(\.\d{1,3}){3}$/.test(hostname);

/**
 * Checks the address of a Supabase project and cleans it to its origin: what people paste often
 * ends in `/rest/v1/`. Plain http is refused beyond loopback. Never touches the network.
 */
export function checkProjectUrl(typed: string): Result<string> {
  const text = typed.trim();
  let url: URL;
  try {
    // "my-project.supabase.co" is meant as https.
    url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  } catch {
    return refuse("invalid_url");
  }
  if (url.username !== "" || url.password !== "" || url.hostname === "")
    return refuse("invalid_url");
  if (url.protocol === "https:") {
    // A single word is a typing error, not a host on the internet.
    return url.hostname.includes(".") || isLoopback(url.hostname)
      ? ok(url.origin)
      : refuse("invalid_url");
  }
  if (url.protocol === "http:") {
    return isLoopback(url.hostname) ? ok(url.origin) : refuse("insecure_url");
  }
  return refuse("invalid_url");
}

/** The role inside an older, JWT-shaped key; null where the text is no JWT. */
function roleInJwt(key: string): string | null {
  const parts = key.split(".");
  const body = parts[1];
  if (parts.length !== 3 || body === undefined) return null;
  try {
    const padded = body.replaceAll("-", "+").replaceAll("_", "/");
    const claims: unknown = JSON.parse(atob(padded));
    return typeof claims === "object" &&
      claims !== null &&
      "role" in claims &&
      typeof claims.role === "string"
      ? claims.role
      : null;
  } catch {
    return null;
  }
}

/**
 * Checks that a key is a publishable one and trims it: `sb_publishable_…`, or an older JWT with the
 * role `anon`. A secret key (`sb_secret_…`, role `service_role`) is refused, because whoever holds
 * it passes all row security. Never touches the network.
 */
export function checkAnonKey(typed: string): Result<string> {
  const key = typed.trim();
  if (/^sb_secret_/i.test(key)) return refuse("secret_key");
  if (/^sb_publishable_\S+$/.test(key)) return ok(key);
  const role = roleInJwt(key);
  if (role === "anon") return ok(key);
  // Any other role is more than a stranger may have.
  return refuse(role === null ? "invalid_key" : "secret_key");
}
