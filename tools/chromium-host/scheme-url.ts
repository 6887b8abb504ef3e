import { host } from "./host.ts";

/**
 * `app://bundle/x` travels as `http://bundle.app.localhost/x`: Chromium takes that for a secure
 * context, and resolver rules lead it to the host's loopback server.
 */
export function toHttp(url: string): string {
  const match = /^([a-z][\w+.-]*):\/\/([^/?#]*)(.*)$/i.exec(url);
  const [, scheme = "", name, rest] = match ?? [];
  return host.schemes.has(scheme) ? `http://${name || "x"}.${scheme}.localhost${rest || "/"}` : url;
}

export function fromHttp(url: string): string {
  const match = /^http:\/\/(.+)\.([\w+-]+)\.localhost(?::\d+)?(\/.*)?$/.exec(url);
  const [, name, scheme = "", rest] = match ?? [];
  return host.schemes.has(scheme) ? `${scheme}://${name}${rest ?? "/"}` : url;
}

export function schemeOf(url: string): string {
  return url.slice(0, url.indexOf(":"));
}

/** The empty page by which a headed window is made and found. */
export function blankWindowUrl(windowId: number): string {
  return `http://w${windowId}.host.localhost/`;
}

export function isBlankWindowUrl(url: string): boolean {
  return /^http:\/\/w\d+\.host\.localhost/.test(url);
}
