import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { host } from "./host.ts";
import { fromHttp, isBlankWindowUrl, schemeOf } from "./scheme-url.ts";

const hopByHop = /^(content-encoding|transfer-encoding|connection)$/;

/** Serves what `protocol.handle` answers, on a loopback port; returns the port. */
export async function startSchemeServer(): Promise<number> {
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (host.debug) console.error("[chromium-host]", request.url, error);
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  server.unref();
  return (server.address() as AddressInfo).port;
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const asked = `http://${request.headers.host}${request.url}`;
  if (isBlankWindowUrl(asked)) {
    response.setHeader("content-type", "text/html").end("<title></title>");
    return;
  }
  const url = fromHttp(asked);
  const handler = host.schemeHandlers.get(schemeOf(url));
  if (!handler) throw new Error(`no protocol.handle for ${url}`);
  const method = request.method ?? "GET";
  const hasBody = method !== "GET" && method !== "HEAD";
  const body = hasBody ? (Readable.toWeb(request) as unknown as BodyInit) : null;
  const init: RequestInit & { duplex?: "half" } = { method, headers: requestHeaders(request) };
  if (body) Object.assign(init, { body, duplex: "half" });
  const answer = await handler(new Request(url, init));
  const headers = [...answer.headers].filter(([name]) => !hopByHop.test(name));
  response.writeHead(answer.status, Object.fromEntries(headers));
  if (!answer.body) response.end();
  else {
    Readable.fromWeb(answer.body as ReadableStream<Uint8Array>)
      .on("error", () => response.destroy())
      .pipe(response);
  }
}

/** The handler sees its own scheme in Origin and Referer, not the loopback stand-in. */
function requestHeaders(request: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (name === "host" || name === "connection") continue;
    headers.set(name, String(value).replaceAll(/http:\/\/[^\s/]+\.localhost/g, ownOrigin));
  }
  return headers;
}

function ownOrigin(url: string): string {
  return fromHttp(url).replace(/\/$/, "");
}
