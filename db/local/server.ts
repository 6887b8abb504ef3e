import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json, type Answer } from "./answer.ts";
import { answerPreflight, readableAnywhere } from "./cors.ts";
import { report } from "./quiet.ts";

export type Route = (request: Request) => Promise<Answer | null>;
type Upgrade = Parameters<Server["on"]>[1] & ((...parts: never[]) => void);

/** Listens on loopback only, and asks the routes in turn until one answers. */
export async function listen(
  port: number,
  routes: readonly Route[],
  upgrade: Upgrade,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(async (incoming, outgoing) => {
    let answer: Answer;
    try {
      answer = await firstAnswer(await requestOf(incoming, originOf(server)), routes);
    } catch (error) {
      report("A request could not be answered", error);
      answer = json(500, { message: "Internal server error" });
    }
    outgoing.writeHead(answer.status, answer.headers);
    outgoing.end(incoming.method === "HEAD" ? undefined : answer.body);
  });
  server.on("upgrade", upgrade);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: originOf(server),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function originOf(server: Server): string {
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

async function firstAnswer(request: Request, routes: readonly Route[]): Promise<Answer> {
  for (const route of [answerPreflight, ...routes]) {
    const answer = await route(request);
    if (answer) return readableAnywhere(request, answer);
  }
  return json(404, { message: "Not found" });
}

async function requestOf(incoming: IncomingMessage, origin: string): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined && name !== "connection")
      headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  const method = incoming.method ?? "GET";
  const hasBody = chunks.length > 0 && method !== "GET" && method !== "HEAD";
  return new Request(new URL(incoming.url ?? "/", origin), {
    method,
    headers,
    ...(hasBody && { body: Buffer.concat(chunks) }),
  });
}
