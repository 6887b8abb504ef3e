import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { extname, isAbsolute, join, relative, resolve } from "node:path";
import { contentSecurityPolicy } from "./content-security-policy.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
  ".webm": "video/webm",
  ".mp3": "audio/mpeg",
};

/** The file that a path of the bundle names, or null where it would lie outside. */
export function bundleFile(folder: string, pathname: string): string | null {
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (path.includes("\0") || path.includes("\\")) return null;
  const file = resolve(join(folder, path === "/" ? "/index.html" : path));
  const inside = relative(folder, file);
  return inside === "" || inside.startsWith("..") || isAbsolute(inside) ? null : file;
}

/**
 * Serves the built renderer as `app://bundle/`. Refuses other hosts, other methods, files outside the
 * folder and types that the app has no use for; `onRefused` hears of it. Every answer carries the policy.
 */
export function serveBundle(folder: string, onRefused: () => void) {
  return async (request: Request): Promise<Response> => {
    const nonce = randomBytes(16).toString("base64");
    const headers = {
      "Content-Security-Policy": contentSecurityPolicy(nonce),
      "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": "no-referrer",
      "Cross-Origin-Opener-Policy": "same-origin",
    };
    const refuse = () => {
      onRefused();
      return new Response("Not found", { status: 404, headers });
    };
    const url = new URL(request.url);
    const file = url.host === "bundle" ? bundleFile(folder, url.pathname) : null;
    const type = file === null ? undefined : TYPES[extname(file)];
    if (file === null || type === undefined || request.method !== "GET") return refuse();

    let bytes: Buffer;
    try {
      bytes = await readFile(file);
    } catch {
      return refuse();
    }
    const body =
      extname(file) === ".html"
        ? bytes
            .toString("utf8")
            .replace("<head>", `<head><meta property="csp-nonce" nonce="${nonce}">`)
        : new Uint8Array(bytes);
    return new Response(body, { headers: { ...headers, "Content-Type": type } });
  };
}
