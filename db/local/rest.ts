import { readJson, withJson, type Answer } from "./answer.ts";
import type { DatabaseFailure } from "./platform.ts";

/** PostgREST's HTTP status for a SQLSTATE. https://docs.postgrest.org/en/stable/references/errors.html */
export function statusOf(code: string, signedIn: boolean): number {
  const own = /^PT(\d{3})$/.exec(code);
  if (own) return Number(own[1]);
  const exact: Record<string, number> = {
    "23503": 409,
    "23505": 409,
    "25006": 405,
    "42883": 404,
    "42P01": 404,
    "42P17": 500,
    "42501": signedIn ? 403 : 401,
    "53400": 500,
    P0001: 400,
  };
  const byClass: Record<string, number> = {
    "08": 503,
    "09": 500,
    "0L": 403,
    "0P": 403,
    "25": 500,
    "28": 403,
    "2D": 500,
    "38": 500,
    "39": 500,
    "3B": 500,
    "40": 500,
    "53": 503,
    "54": 500,
    "55": 500,
    "57": 500,
    "58": 500,
    F0: 500,
    HV: 500,
    P0: 500,
    XX: 500,
  };
  return exact[code] ?? byClass[code.slice(0, 2)] ?? 400;
}

/**
 * Gives a database error its own code and PostgREST's status.
 *
 * lite answers CHECK violations, RAISE and custom SQLSTATEs with a bare 500
 * `SUP`.
 */
export function correctRest(
  answer: Answer,
  failure: DatabaseFailure | null,
  signedIn: boolean,
): Answer {
  if (!failure || answer.status < 400) return answer;
  const code = readJson(answer)?.code;
  if (code !== "SUP" && code !== failure.code) return answer;
  return withJson(answer, statusOf(failure.code, signedIn), {
    code: failure.code,
    details: failure.detail,
    hint: failure.hint,
    message: failure.message,
  });
}
