import { randomUUID } from "node:crypto";
import { hash } from "bcryptjs";
import type { Session } from "../database.ts";

/** Low on purpose: this backend is for demo and tests, which sign many people in. */
const BCRYPT_COST = 6;

export type NewUser = {
  id?: string;
  email: string | null;
  password?: string;
  userMetadata?: Record<string, unknown>;
  appMetadata?: Record<string, unknown>;
};

/** One row of auth.users, as GoTrue tells it. */
export type UserAnswer = Record<string, unknown> & { id: string };

export class AuthFailure extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Makes a confirmed user; a user without an email is anonymous. */
export async function createUser(session: Session, user: NewUser): Promise<UserAnswer> {
  const id = user.id ?? randomUUID();
  const email = user.email?.toLowerCase() ?? null;
  if (email) {
    const same = await session.query("select from auth.users where email = $1", [email]);
    if (same.length > 0)
      throw new AuthFailure(
        422,
        "email_exists",
        "A user with this email address has already been registered",
      );
  }
  const password = user.password ? await hash(user.password, BCRYPT_COST) : null;
  const appMetadata = email
    ? { provider: "email", providers: ["email"], ...user.appMetadata }
    : { ...user.appMetadata };
  await session.query(
    `insert into auth.users (id, aud, role, email, encrypted_password, email_confirmed_at,
       raw_app_meta_data, raw_user_meta_data, is_sso_user, is_anonymous, created_at, updated_at)
     values ($1, 'authenticated', 'authenticated', $2::text, $3, case when $2::text is null then null else now() end,
       $4, $5, false, $2::text is null, now(), now())`,
    [
      id,
      email,
      password,
      appMetadata,
      { ...user.userMetadata, ...(email && { email_verified: true }) },
    ],
  );
  if (email)
    await session.query(
      `insert into auth.identities (id, provider, provider_id, user_id, identity_data, created_at, updated_at)
       values ($1, 'email', $2::text, $2::text::uuid, $3, now(), now())`,
      [randomUUID(), id, { sub: id, email, email_verified: true, phone_verified: false }],
    );
  return getUser(session, id);
}

export async function getUser(session: Session, id: string): Promise<UserAnswer> {
  const [user] = await listUsers(session, "where u.id = $1", [id]);
  if (!user) throw new AuthFailure(404, "user_not_found", "User not found");
  return user;
}

/** Users in the shape of GoTrue's answers, newest first. */
export function listUsers(
  session: Session,
  clause: string,
  parameters: unknown[],
): Promise<UserAnswer[]> {
  return session.query<UserAnswer>(
    `select u.id, coalesce(u.aud, 'authenticated') aud, coalesce(u.role, 'authenticated') role,
       coalesce(u.email, '') email, coalesce(u.phone, '') phone, u.email_confirmed_at, u.confirmed_at,
       u.last_sign_in_at, coalesce(u.raw_app_meta_data, '{}') app_metadata,
       coalesce(u.raw_user_meta_data, '{}') user_metadata, u.is_anonymous, u.banned_until,
       u.created_at, u.updated_at,
       coalesce((select jsonb_agg(jsonb_build_object('identity_id', i.id, 'id', i.provider_id,
         'user_id', i.user_id, 'identity_data', i.identity_data, 'provider', i.provider,
         'created_at', i.created_at, 'updated_at', i.updated_at))
         from auth.identities i where i.user_id = u.id), '[]') identities
     from auth.users u ${clause}`,
    parameters,
  );
}

export type UserChange = {
  email?: string;
  password?: string;
  user_metadata?: Record<string, unknown>;
  app_metadata?: Record<string, unknown>;
  ban_duration?: string;
};

export async function updateUser(
  session: Session,
  id: string,
  change: UserChange,
): Promise<UserAnswer> {
  await getUser(session, id);
  const password = change.password ? await hash(change.password, BCRYPT_COST) : null;
  await session.query(
    `update auth.users set email = coalesce(lower($2), email), encrypted_password = coalesce($3, encrypted_password),
       raw_user_meta_data = coalesce(raw_user_meta_data, '{}') || $4::jsonb,
       raw_app_meta_data = coalesce(raw_app_meta_data, '{}') || $5::jsonb,
       is_anonymous = is_anonymous and $2::text is null,
       email_confirmed_at = case when $2::text is null then email_confirmed_at else now() end,
       updated_at = now()
     where id = $1`,
    [id, change.email ?? null, password, change.user_metadata ?? {}, change.app_metadata ?? {}],
  );
  if (change.ban_duration === "none")
    await session.query("update auth.users set banned_until = null where id = $1", [id]);
  else if (change.ban_duration)
    await session.query("update auth.users set banned_until = now() + $2::interval where id = $1", [
      id,
      change.ban_duration,
    ]);
  return getUser(session, id);
}

export async function deleteUser(session: Session, id: string): Promise<void> {
  await getUser(session, id);
  await session.query("delete from auth.refresh_tokens where user_id = $1", [id]);
  await session.query("delete from auth.users where id = $1", [id]);
}
