import { z } from "zod";
import { json, type Answer } from "../answer.ts";
import type { Database } from "../database.ts";
import type { Claims } from "../jwt.ts";
import { claimsOf, type Keys } from "../keys.ts";
import { mayWrite } from "./authorize.ts";
import type { Realtime } from "./realtime.ts";

const ROUTE = /^\/realtime\/v1\/api\/broadcast(?:\/([^/]+)\/events\/([^/]+))?$/;
const CORS = {
  "access-control-allow-headers": "authorization, apikey, content-type, x-client-info",
  "access-control-allow-methods": "POST, OPTIONS",
};
const batch = z.object({
  messages: z.array(
    z.object({
      topic: z.string(),
      event: z.string(),
      payload: z.unknown(),
      private: z.boolean().optional(),
    }),
  ),
});

/** Broadcasts that come by HTTP, one or a batch. */
export class HttpBroadcast {
  readonly #realtime: Realtime;
  readonly #database: Database;
  readonly #keys: Keys;

  constructor(realtime: Realtime, database: Database, keys: Keys) {
    this.#realtime = realtime;
    this.#database = database;
    this.#keys = keys;
  }

  async answer(request: Request): Promise<Answer | null> {
    const url = new URL(request.url);
    const route = ROUTE.exec(url.pathname);
    if (!route) return null;
    if (request.method === "OPTIONS") return json(204, null, CORS);
    if (request.method !== "POST") return json(404, { message: "Not found" }, CORS);
    const bearer = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    const apiKey = request.headers.get("apikey") ?? bearer ?? "";
    const who = claimsOf(bearer === apiKey ? undefined : bearer, apiKey, this.#keys);
    if ("error" in who) return json(401, { message: "Unauthorized" }, CORS);
    const body = Buffer.from(await request.arrayBuffer());
    const [, topic, event] = route;
    if (topic === undefined || event === undefined) return this.#batch(body, who.claims);
    return this.#one(request, url, { topic, event, body }, who.claims);
  }

  async #one(
    request: Request,
    url: URL,
    raw: { topic: string; event: string; body: Buffer },
    claims: Claims,
  ): Promise<Answer> {
    const topic = decodeURIComponent(raw.topic);
    const event = decodeURIComponent(raw.event);
    const isPrivate = url.searchParams.get("private") === "true";
    if (raw.body.length > this.#realtime.limits.payloadBytes)
      return json(413, { message: "Payload size exceeded" }, CORS);
    if (!this.#realtime.takeMessage())
      return json(429, { message: "Too many messages per second" }, CORS);
    if (isPrivate && !(await mayWrite(this.#database, claims, topic, "broadcast")))
      return json(403, { message: "Unauthorized" }, CORS);
    const isJson = !/octet-stream/.test(request.headers.get("content-type") ?? "");
    this.#realtime.rooms.broadcast(`${isPrivate}:${topic}`, {
      payload: null,
      broadcast: { event, isJson, body: raw.body },
    });
    return json(202, {}, CORS);
  }

  async #batch(body: Buffer, claims: Claims): Promise<Answer> {
    const read = batch.safeParse(parse(body));
    if (!read.success) return json(422, { errors: { messages: ["can't be blank"] } }, CORS);
    for (const message of read.data.messages) {
      const { topic, event, payload } = message;
      const isPrivate = message.private === true;
      if (JSON.stringify(payload ?? null).length > this.#realtime.limits.payloadBytes)
        return json(422, { errors: { payload: ["Payload size exceeds tenant limit"] } }, CORS);
      if (!this.#realtime.takeMessage())
        return json(429, { message: "Too many messages per second" }, CORS);
      // Hosted skips what the caller may not write, and still accepts the batch.
      if (isPrivate && !(await mayWrite(this.#database, claims, topic, "broadcast"))) continue;
      this.#realtime.rooms.broadcast(`${isPrivate}:${topic}`, {
        payload: { type: "broadcast", event, payload },
      });
    }
    return json(202, {}, CORS);
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}
