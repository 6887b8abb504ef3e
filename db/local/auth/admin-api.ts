import { isRecord, json, type Answer } from "../answer.ts";
import type { Session } from "../database.ts";
import { claimsOf, type Keys } from "../keys.ts";
import {
  AuthFailure,
  createUser,
  deleteUser,
  getUser,
  listUsers,
  updateUser,
  type UserChange,
} from "./users.ts";

/** `supabase.auth.admin`: making, reading, changing and removing users with the secret key. */
export async function answerAdmin(request: Request, session: Session, keys: Keys): Promise<Answer> {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const holder = claimsOf(bearer, request.headers.get("apikey") ?? "", keys);
  if ("error" in holder || holder.claims.role !== "service_role")
    return failed(new AuthFailure(403, "not_admin", "User not allowed"));
  const url = new URL(request.url);
  const id = /^\/auth\/v1\/admin\/users(?:\/([^/]+))?$/.exec(url.pathname)?.[1];
  try {
    if (request.method === "POST" && !id) return json(200, await create(request, session));
    if (request.method === "GET" && !id) return json(200, await list(url, session));
    if (id && request.method === "GET") return json(200, await getUser(session, id));
    if (id && request.method === "PUT")
      return json(200, await updateUser(session, id, (await request.json()) as UserChange));
    if (id && request.method === "DELETE") {
      await deleteUser(session, id);
      return json(200, {});
    }
  } catch (error) {
    if (error instanceof AuthFailure) return failed(error);
    throw error;
  }
  return failed(new AuthFailure(405, "method_not_allowed", "Method not allowed"));
}

async function create(request: Request, session: Session) {
  const body: unknown = await request.json();
  if (!isRecord(body) || typeof body.email !== "string")
    throw new AuthFailure(400, "validation_failed", "Cannot create a user without an email");
  return createUser(session, {
    ...(typeof body.id === "string" && { id: body.id }),
    email: body.email,
    ...(typeof body.password === "string" && { password: body.password }),
    ...(isRecord(body.user_metadata) && { userMetadata: body.user_metadata }),
    ...(isRecord(body.app_metadata) && { appMetadata: body.app_metadata }),
  });
}

async function list(url: URL, session: Session) {
  const page = Math.max(1, Number(url.searchParams.get("page")) || 1);
  const perPage = Math.min(1000, Number(url.searchParams.get("per_page")) || 50);
  const users = await listUsers(session, "order by u.created_at desc, u.id limit $1 offset $2", [
    perPage,
    (page - 1) * perPage,
  ]);
  return { users, aud: "authenticated" };
}

export function failed(failure: AuthFailure): Answer {
  return json(failure.status, {
    code: failure.status,
    error_code: failure.code,
    msg: failure.message,
  });
}
