/** One complete HTTP answer. */
export type Answer = { status: number; headers: Record<string, string>; body: Buffer };

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "access-control-allow-origin": "*",
      ...headers,
    },
    body: Buffer.from(JSON.stringify(value)),
  };
}

export async function answerOf(response: Response): Promise<Answer> {
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  };
}

/** The JSON of an answer, or null where it has none. */
export function readJson(answer: Answer): Record<string, unknown> | null {
  if (!/json/.test(answer.headers["content-type"] ?? "")) return null;
  try {
    const value: unknown = JSON.parse(answer.body.toString("utf8"));
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

/** The same answer with another JSON body. */
export function withJson(answer: Answer, status: number, value: unknown): Answer {
  const { "content-length": _, ...headers } = answer.headers;
  return { status, headers, body: Buffer.from(JSON.stringify(value)) };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
