import { randomBytes, randomUUID } from "node:crypto";
import { isRecord, readJson, withJson, type Answer } from "../answer.ts";
import type { Session } from "../database.ts";
import { signJwt, verifyJwt } from "../jwt.ts";
import { createUser, getUser } from "./users.ts";

export type SessionSettings = { jwtSecret: string; url: string };

/**
 * Completes a session that lite gave: hosted tokens also carry the issuer, both
 * metadata objects, aal, amr and is_anonymous, and policies read them.
 */
export async function completeSession(
  answer: Answer,
  session: Session,
  settings: SessionSettings,
): Promise<Answer> {
  const body = readJson(answer);
  if (answer.status !== 200 || !body) return answer;
  if (typeof body.access_token !== "string") return completeUser(answer, body, session);
  const verified = verifyJwt(body.access_token, settings.jwtSecret);
  if ("error" in verified || !verified.claims.sub) return answer;
  const user = await getUser(session, verified.claims.sub);
  const issuedAt = Number(verified.claims.iat);
  const token = signJwt(
    {
      iss: `${settings.url}/auth/v1`,
      ...verified.claims,
      email: user.email,
      phone: user.phone,
      app_metadata: user.app_metadata,
      user_metadata: user.user_metadata,
      aal: "aal1",
      amr: [{ method: user.is_anonymous ? "anonymous" : "password", timestamp: issuedAt }],
      is_anonymous: user.is_anonymous,
    },
    settings.jwtSecret,
  );
  const told = isRecord(body.user) ? body.user : {};
  return withJson(answer, 200, {
    ...body,
    access_token: token,
    user: { ...told, is_anonymous: user.is_anonymous },
  });
}

/** lite calls a refresh token that it does not know malformed; hosted says that it was not found. */
export function correctRefresh(answer: Answer): Answer {
  const body = readJson(answer);
  if (answer.status !== 400 || body?.error_code !== "validation_failed") return answer;
  return withJson(answer, 400, {
    ...body,
    error_code: "refresh_token_not_found",
    msg: "Invalid Refresh Token: Refresh Token Not Found",
  });
}

async function completeUser(
  answer: Answer,
  body: Record<string, unknown>,
  session: Session,
): Promise<Answer> {
  if (typeof body.id !== "string" || body.is_anonymous !== false) return answer;
  const [row] = await session.query<{ is_anonymous: boolean }>(
    "select is_anonymous from auth.users where id = $1",
    [body.id],
  );
  return row ? withJson(answer, 200, { ...body, is_anonymous: row.is_anonymous }) : answer;
}

/** Makes an anonymous user and a refresh token for him, which the caller exchanges for a session. */
export async function openAnonymous(
  session: Session,
  userMetadata: Record<string, unknown>,
): Promise<string> {
  const user = await createUser(session, { email: null, userMetadata });
  const sessionId = randomUUID();
  const token = randomBytes(16).toString("hex").slice(0, 22);
  await session.query(
    "insert into auth.sessions (id, user_id, aal, created_at, updated_at) values ($1, $2, 'aal1', now(), now())",
    [sessionId, user.id],
  );
  await session.query(
    `insert into auth.refresh_tokens (id, token, user_id, session_id, revoked, created_at, updated_at)
     values ($1, $2, $3, $4, false, now(), now())`,
    [randomUUID(), token, user.id, sessionId],
  );
  return token;
}
