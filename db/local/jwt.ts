import { createHmac, timingSafeEqual } from "node:crypto";

/** What a token of this backend says; the same names as on hosted Supabase. */
export type Claims = {
  role: string;
  exp: number;
  sub?: string;
  email?: string;
  [name: string]: unknown;
};

export type Verified = { claims: Claims } | { error: string };

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Signs claims with HS256, as a Supabase project with a shared secret does. */
export function signJwt(claims: Record<string, unknown>, secret: string): string {
  const body = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${body}.${createHmac("sha256", secret).update(body).digest("base64url")}`;
}

/** Checks signature, shape and expiry. The error texts are those of Supabase Realtime. */
export function verifyJwt(token: string, secret: string): Verified {
  const malformed = { error: "MalformedJWT: The token provided is not a valid JWT" };
  const [header, payload, signature, rest] = token.split(".");
  if (!header || !payload || !signature || rest !== undefined) return malformed;
  const expected = createHmac("sha256", secret).update(`${header}.${payload}`).digest();
  const given = Buffer.from(signature, "base64url");
  if (expected.length !== given.length || !timingSafeEqual(expected, given))
    return { error: "JwtSignatureError: Failed to validate JWT signature" };
  let claims: Partial<Claims>;
  try {
    if (decode(header).alg !== "HS256") return malformed;
    claims = decode(payload);
  } catch {
    return malformed;
  }
  if (typeof claims.role !== "string" || typeof claims.exp !== "number")
    return { error: "InvalidJWTToken: Fields `role` and `exp` are required in JWT" };
  const secondsLeft = claims.exp - Math.floor(Date.now() / 1000);
  if (secondsLeft <= 0)
    return { error: `InvalidJWTToken: Token has expired ${-secondsLeft} seconds ago` };
  return { claims: claims as Claims };
}

function decode(part: string): Partial<Claims> & { alg?: string } {
  return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
}
