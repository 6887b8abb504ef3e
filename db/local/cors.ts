import type { Answer } from "./answer.ts";

/** The API's paths: pages of any other origin may call them, as on hosted. */
const API = /^\/(rest|auth|storage|realtime|functions)\/v1\//;

const METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
/** What supabase-js reads of an answer's headers: counts and ranges, and the offsets of an upload. */
const EXPOSED =
  "content-range, content-location, content-length, x-total-count, preference-applied, location, upload-offset, upload-length, tus-resumable, x-supabase-api-version, sb-gateway-version";

/**
 * Answers a browser's question whether a page of another origin may call the API. A `*` for the
 * headers would leave `authorization` out, so what was asked for is named.
 */
export async function answerPreflight(request: Request): Promise<Answer | null> {
  if (request.method !== "OPTIONS" || !API.test(new URL(request.url).pathname)) return null;
  return {
    status: 204,
    headers: {
      "access-control-allow-origin": "*",
      "access-control-allow-methods": METHODS,
      "access-control-allow-headers": request.headers.get("access-control-request-headers") ?? "*",
      "access-control-max-age": "3600",
    },
    body: Buffer.alloc(0),
  };
}

/** Lets a page of another origin read the API's answer. */
export function readableAnywhere(request: Request, answer: Answer): Answer {
  if (!API.test(new URL(request.url).pathname)) return answer;
  return {
    ...answer,
    headers: {
      ...answer.headers,
      "access-control-allow-origin": "*",
      "access-control-expose-headers": EXPOSED,
    },
  };
}
