import { readFile } from "node:fs/promises";
import { extname, join, resolve, sep } from "node:path";
import { json, type Answer } from "./answer.ts";

const PREFIX = "/patient/";
const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".map": "application/json; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
};

/**
 * Serves built pages under `/patient/`, with headers that a clinic's web host should send too, and
 * `config.json` beside them, which tells the pages the project to speak to.
 */
export async function serveStatic(
  folder: string,
  request: Request,
  anonKey: string,
): Promise<Answer | null> {
  const url = new URL(request.url);
  if (url.pathname === "/patient" || url.pathname === "/")
    return { status: 302, headers: { location: PREFIX }, body: Buffer.alloc(0) };
  if (!url.pathname.startsWith(PREFIX)) return null;
  if (request.method !== "GET" && request.method !== "HEAD")
    return json(405, { message: "Method not allowed" });
  const asked = pathOf(url);
  if (asked === "config.json") return json(200, { url: url.origin, anonKey });
  const root = resolve(folder);
  const file = asked === null ? null : resolve(join(root, asked));
  if (!file?.startsWith(root + sep)) return json(404, { message: "Not found" });
  try {
    const body = await readFile(file);
    const hashed = /-[\w-]{8,}\.\w+$/.test(file);
    return {
      status: 200,
      headers: {
        "content-type": TYPES[extname(file)] ?? "application/octet-stream",
        "cache-control": hashed ? "public, max-age=31536000, immutable" : "no-cache",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "content-security-policy": policyFor(url),
      },
      body,
    };
  } catch {
    return json(404, { message: "Not found" });
  }
}

function pathOf(url: URL): string | null {
  try {
    const path = decodeURIComponent(url.pathname.slice(PREFIX.length));
    if (path.includes("\0")) return null;
    return path === "" || path.endsWith("/") ? `${path}index.html` : path;
  } catch {
    return null;
  }
}

/** Only this origin's own files and API; the web socket must be named apart from 'self'. */
function policyFor(url: URL): string {
  return [
    "default-src 'self'",
    `connect-src 'self' ws://${url.host}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}
