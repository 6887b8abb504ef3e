import { describe, expect, it } from "vitest";
import { FaultCode } from "../contract/fault.ts";
import { ConsultationError } from "./consultation-error.ts";
import { describeFault, faultKey, faultSentences, recogniseFault } from "./describe-fault.ts";

/** Errors as the real layers give them: what, its HTTP status, and what it means. */
const met: [string, unknown, number | undefined, FaultCode][] = [
  [
    "table not in PostgREST's cache",
    { code: "PGRST205", message: "Could not find the table" },
    404,
    "tables_missing",
  ],
  [
    "relation missing",
    { code: "42P01", message: "relation does not exist" },
    404,
    "tables_missing",
  ],
  [
    "function missing",
    { code: "PGRST202", message: "Could not find the function" },
    404,
    "tables_old",
  ],
  ["column missing", { code: "42703", message: "column does not exist" }, 400, "tables_old"],
  [
    "row security",
    { code: "42501", message: "new row violates row-level security" },
    403,
    "refused",
  ],
  [
    "row security, anonymous",
    { code: "42501", message: "permission denied" },
    401,
    "not_signed_in",
  ],
  ["expired token", { code: "PGRST303", message: "JWT expired" }, 401, "not_signed_in"],
  ["bad token", { code: "PGRST301", message: "JWSError" }, 401, "not_signed_in"],
  ["wrong key", { message: "Invalid API key" }, 401, "invalid_key"],
  ["payment required", { message: "exceed_egress_quota" }, 402, "quota"],
  ["too many requests", { message: "slow down" }, 429, "quota"],
  [
    "too many requests, auth",
    { name: "AuthApiError", code: "over_request_rate_limit", status: 429 },
    undefined,
    "quota",
  ],
  [
    "read-only database",
    { code: "25006", message: "cannot execute INSERT in a read-only transaction" },
    405,
    "quota",
  ],
  [
    "session unknown",
    { code: "23503", message: "violates foreign key constraint" },
    409,
    "not_found",
  ],
  ["no row", { code: "PGRST116", message: "0 rows" }, 406, "not_found"],
  ["appointment mismatch", { code: "CR001", message: "" }, 400, "appointment_mismatch"],
  ["ended", { code: "CR002", message: "" }, 400, "already_ended"],
  ["signed", { code: "CR003", message: "" }, 400, "already_signed"],
  [
    "not a uuid",
    { code: "22P02", message: "invalid input syntax for type uuid" },
    400,
    "invalid_input",
  ],
  ["statement timeout", { code: "57014", message: "canceling statement" }, 500, "server"],
  [
    "wrong password",
    { name: "AuthApiError", code: "invalid_credentials", status: 400 },
    undefined,
    "wrong_credentials",
  ],
  [
    "refresh token gone",
    { name: "AuthApiError", code: "refresh_token_not_found", status: 400 },
    undefined,
    "not_signed_in",
  ],
  [
    "auth offline",
    { name: "AuthRetryableFetchError", status: 0, message: "fetch failed" },
    undefined,
    "offline",
  ],
  ["no session", { name: "AuthSessionMissingError", status: 400 }, undefined, "not_signed_in"],
  [
    "PostgREST offline",
    { code: "", message: "TypeError: fetch failed", details: "ECONNREFUSED" },
    0,
    "offline",
  ],
  ["Chromium offline", new TypeError("Failed to fetch"), undefined, "offline"],
  [
    "Firefox offline",
    new TypeError("NetworkError when attempting to fetch resource."),
    undefined,
    "offline",
  ],
  ["Safari offline", new TypeError("Load failed"), undefined, "offline"],
  [
    "refused socket",
    new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } }),
    undefined,
    "offline",
  ],
  ["gateway", { message: "Bad gateway" }, 502, "offline"],
  ["aborted", { code: "", message: "AbortError: This operation was aborted" }, 0, "cancelled"],
  [
    "private channel",
    new Error("Unauthorized: You do not have permissions to read from this Channel topic"),
    undefined,
    "refused",
  ],
  [
    "realtime off",
    new Error("RealtimeDisabledForConfiguration: disabled"),
    undefined,
    "realtime_off",
  ],
  ["too many joins", new Error("ClientJoinRateLimitReached: too many"), undefined, "quota"],
  ["socket", new Error("WebSocket connection failed"), undefined, "offline"],
  [
    "storage object",
    { name: "StorageApiError", statusCode: "404", error: "NoSuchKey" },
    undefined,
    "not_found",
  ],
  [
    "storage refused",
    { name: "StorageApiError", statusCode: "403", status: 400, message: "new row violates" },
    403,
    "refused",
  ],
  ["a bug", new RangeError("out of range"), undefined, "unexpected"],
  ["nothing at all", undefined, undefined, "unexpected"],
];

describe("recogniseFault", () => {
  it.each(met)("%s", (_name, error, status, expected) => {
    expect(recogniseFault(error, status)).toBe(expected);
  });

  it("looks beneath an error that only wraps another", () => {
    const wrapped = new Error("while reading", { cause: { code: "PGRST205", message: "" } });
    expect(recogniseFault(wrapped)).toBe("tables_missing");
  });
});

describe("describeFault", () => {
  it("has one sentence and one key for every code", () => {
    expect(Object.keys(faultSentences).toSorted()).toEqual([...FaultCode.options].toSorted());
    for (const code of FaultCode.options) {
      expect(describeFault(code)).toMatch(/^[A-Z].{20,}\.$/);
      expect(faultKey(code)).toBe(`fault.${code}`);
    }
  });

  it("says the next step for what the guide's troubleshooting lists", () => {
    expect(describeFault("tables_missing")).toContain("04_create_consultation_tables.sql");
    expect(describeFault("realtime_off")).toContain("Realtime on");
    expect(describeFault("quota")).toContain("limit");
    expect(describeFault("not_signed_in")).toContain("Sign in");
    expect(describeFault("refused")).toContain("participant");
  });
});

describe("ConsultationError", () => {
  it("carries the code and the sentence, and none of the words beneath", () => {
    const error = ConsultationError.from({
      code: "23514",
      message: 'value "my chest hurts" violates check constraint',
    });
    expect(error.code).toBe("invalid_input");
    expect(error.message).not.toContain("chest");
    expect(String(error)).not.toContain("chest");
    expect(ConsultationError.from(error)).toBe(error);
  });
});
