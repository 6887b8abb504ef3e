import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { extname } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { host } from "./host.ts";
import { schemeOf } from "./scheme-url.ts";

const contentTypes: Record<string, string> = {
  ".css": "text/css",
  ".gif": "image/gif",
  ".html": "text/html",
  ".ico": "image/x-icon",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".js": "text/javascript",
  ".json": "application/json",
  ".mjs": "text/javascript",
  ".mp4": "video/mp4",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain",
  ".wasm": "application/wasm",
  ".wav": "audio/wav",
  ".webm": "video/webm",
  ".webp": "image/webp",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
};

/** Electron's `net`: files and own schemes as Electron reads them, the rest through Node. */
export const net = {
  async fetch(input: string | Request, init?: RequestInit): Promise<Response> {
    const url = input instanceof Request ? input.url : input;
    const handler = host.schemeHandlers.get(schemeOf(url));
    if (handler) return handler(new Request(url, init));
    return url.startsWith("file:") ? readFile(fileURLToPath(url), init) : fetch(input, init);
  },
  isOnline: (): boolean => true,
  get online(): boolean {
    return true;
  },
};

async function readFile(path: string, init?: RequestInit): Promise<Response> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) {
    throw Object.assign(new Error("net::ERR_FILE_NOT_FOUND"), { code: "ERR_FILE_NOT_FOUND" });
  }
  const { size } = found;
  const range = /^bytes=(\d+)-(\d*)$/.exec(new Headers(init?.headers).get("range") ?? "");
  const start = Number(range?.[1] ?? 0);
  const end = range?.[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
  const headers = new Headers({
    "content-type": contentTypes[extname(path).toLowerCase()] ?? "application/octet-stream",
    "content-length": String(end - start + 1),
  });
  if (range) headers.set("content-range", `bytes ${start}-${end}/${size}`);
  const body = size
    ? (Readable.toWeb(createReadStream(path, { start, end })) as unknown as ReadableStream)
    : null;
  return new Response(body, { status: range ? 206 : 200, headers });
}
