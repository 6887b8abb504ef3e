import { answerOf, isRecord, type Answer } from "./answer.ts";
import { answerAdmin } from "./auth/admin-api.ts";
import {
  completeSession,
  correctRefresh,
  openAnonymous,
  type SessionSettings,
} from "./auth/sessions.ts";
import type { Session } from "./database.ts";
import type { Keys } from "./keys.ts";
import type { DatabaseFailure, Platform } from "./platform.ts";
import { correctRest } from "./rest.ts";
import { answerResumable, RESUMABLE } from "./storage/resumable.ts";
import type { UploadStore } from "./storage/upload-store.ts";
import { answerStorage } from "./storage/corrections.ts";

export type Call = (request: Request) => Promise<Answer>;

/** Answers one REST, Auth or Storage request within one turn on the connection. */
export function handle(
  platform: Platform,
  keys: Keys,
  settings: SessionSettings & { uploads: UploadStore },
  request: Request,
): Promise<Answer> {
  return platform.database.turn(async (session) => {
    const failures: { last: DatabaseFailure | null } = { last: null };
    const call: Call = async (inner) => {
      const { response, failure } = await platform.answer(inner);
      failures.last = failure;
      return answerOf(response);
    };
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/auth/v1/admin/")) return answerAdmin(request, session, keys);
    if (pathname.startsWith("/auth/v1/")) return answerAuth(request, session, settings, call);
    if (pathname.startsWith(RESUMABLE))
      return answerResumable(request, { session, keys, store: settings.uploads, call });
    if (pathname.startsWith("/storage/v1/")) return answerStorage(request, call);
    const answer = await call(request);
    if (!pathname.startsWith("/rest/v1/")) return answer;
    return correctRest(answer, failures.last, isSignedIn(request));
  });
}

async function answerAuth(
  request: Request,
  session: Session,
  settings: SessionSettings,
  call: Call,
): Promise<Answer> {
  const inner = (await anonymousSignUp(request, session, call)) ?? request;
  const answer = await completeSession(await call(inner), session, settings);
  const isRefresh = new URL(inner.url).searchParams.get("grant_type") === "refresh_token";
  return isRefresh ? correctRefresh(answer) : answer;
}

/** A sign-up without email and phone is hosted's anonymous sign-in, which lite lacks. */
async function anonymousSignUp(
  request: Request,
  session: Session,
  call: Call,
): Promise<Request | null> {
  if (request.method !== "POST" || new URL(request.url).pathname !== "/auth/v1/signup") return null;
  const body: unknown = await request
    .clone()
    .json()
    .catch(() => null);
  if (!isRecord(body) || body.email || body.phone || body.password) return null;
  // lite says whether the API key is right before anything is made.
  const settings = await call(
    new Request(new URL("/auth/v1/settings", request.url), { headers: keyHeaders(request) }),
  );
  if (settings.status === 401) return request;
  const refreshToken = await openAnonymous(session, isRecord(body.data) ? body.data : {});
  return new Request(new URL("/auth/v1/token?grant_type=refresh_token", request.url), {
    method: "POST",
    headers: { ...keyHeaders(request), "content-type": "application/json" },
    body: JSON.stringify({ refresh_token: refreshToken }),
  });
}

function keyHeaders(request: Request): Record<string, string> {
  return { apikey: request.headers.get("apikey") ?? "" };
}

function isSignedIn(request: Request): boolean {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  return (
    bearer !== undefined && !bearer.startsWith("sb_") && bearer !== request.headers.get("apikey")
  );
}
