import { createHash } from "node:crypto";
import { signJwt, verifyJwt, type Claims, type Verified } from "./jwt.ts";

/** The keys of one local project. They are public knowledge: never use them for real people. */
export type Keys = {
  /** `sb_publishable_…`: what a client holds. */
  publishable: string;
  /** `sb_secret_…`: full rights, for seeds and tests only. */
  secret: string;
  /** The shared secret that signs sessions. */
  jwtSecret: string;
  /** Older projects' anon key, a JWT with role anon. */
  legacyAnon: string;
  /** Older projects' service_role key. */
  legacyService: string;
};

const JWT_SECRET = "local-demo-secret-that-everyone-may-know-0001";
const TEN_YEARS_SECONDS = 10 * 365 * 24 * 3600;
const LEGACY_ISSUED_AT = 1_767_225_600;

/** The keys are derived, not random: a restarted backend must accept the sessions it gave before. */
export function localKeys(): Keys {
  const tail = (name: string) =>
    createHash("sha256").update(`${JWT_SECRET}:${name}`).digest("base64url").replace(/[-_]/g, "x");
  const legacy = (role: string) =>
    signJwt(
      {
        iss: "supabase",
        ref: "local",
        role,
        iat: LEGACY_ISSUED_AT,
        exp: LEGACY_ISSUED_AT + TEN_YEARS_SECONDS,
      },
      JWT_SECRET,
    );
  return {
    publishable: `sb_publishable_${tail("publishable").slice(0, 22)}_${tail("p").slice(0, 8)}`,
    secret: `sb_secret_${tail("secret").slice(0, 22)}_${tail("s").slice(0, 8)}`,
    jwtSecret: JWT_SECRET,
    legacyAnon: legacy("anon"),
    legacyService: legacy("service_role"),
  };
}

export type KeyHolder = { type: "publishable" | "secret"; claims: Claims };

/** Says who an `apikey` is, old or new kind; null for an unknown key. */
export function resolveApiKey(key: string, keys: Keys): KeyHolder | null {
  const exp = Math.floor(Date.now() / 1000) + TEN_YEARS_SECONDS;
  if (key === keys.publishable) return { type: "publishable", claims: { role: "anon", exp } };
  if (key === keys.secret) return { type: "secret", claims: { role: "service_role", exp } };
  const verified = verifyJwt(key, keys.jwtSecret);
  if ("error" in verified || verified.claims.sub) return null;
  if (verified.claims.role === "anon") return { type: "publishable", claims: verified.claims };
  if (verified.claims.role === "service_role") return { type: "secret", claims: verified.claims };
  return null;
}

/** Claims of a user token, or of the key where there is no user token. */
export function claimsOf(token: string | undefined, apiKey: string, keys: Keys): Verified {
  if (token && !token.startsWith("sb_")) return verifyJwt(token, keys.jwtSecret);
  const holder = resolveApiKey(apiKey, keys);
  return holder ? { claims: holder.claims } : { error: "InvalidApiKey: Invalid API key" };
}
