import type { Log } from "#electron/log/log.ts";
import { BUNDLE_ORIGIN } from "#electron/bridge/open-bridge.ts";
import type { PagePreferences, PageRules } from "#electron/platform/platform.ts";
import { serveBundle } from "./serve-bundle.ts";

/** The switches of every page: sandboxed, isolated, without Node. */
export const pagePreferences = (packaged: boolean): PagePreferences => ({
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  // Chromium's spell checker would fetch dictionaries from a vendor's server.
  spellcheck: false,
  devTools: !packaged,
});

/** What a page may use. Whatever is not named here is denied; the call brings camera and microphone. */
const ALLOWED_PERMISSIONS: ReadonlySet<string> = new Set(["clipboard-sanitized-write"]);

/** True for an address inside the app's own bundle. */
export function isInBundle(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && `${url.protocol}//${url.host}` === BUNDLE_ORIGIN;
}

/** True for a link that may be handed to the person's browser: https, on a host of the list. */
export function isAllowedLink(address: string, hosts: readonly string[]): boolean {
  const url = URL.parse(address);
  return (
    url !== null &&
    url.protocol === "https:" &&
    url.username === "" &&
    url.password === "" &&
    hosts.includes(url.host)
  );
}

/** Pages that the app links to: where a project's address and key are found. */
const LINK_HOSTS = ["supabase.com"];

/** The rules that every page of the app lives under; what they refuse is counted in the log. */
export function createPageRules(
  rendererFolder: string,
  openLink: (url: string) => Promise<void>,
  log: Log,
): PageRules {
  return {
    serve: serveBundle(rendererFolder, () => log.write("page.refused", { what: "path" })),
    mayNavigate(url) {
      const allowed = isInBundle(url);
      if (!allowed) log.write("page.refused", { what: "navigation" });
      return allowed;
    },
    onOpenRequested(url) {
      if (!isAllowedLink(url, LINK_HOSTS)) return log.write("page.refused", { what: "link" });
      openLink(url).catch((error: unknown) => log.unexpected("main", error));
    },
    mayUse(permission, requestingUrl) {
      const allowed = isInBundle(requestingUrl) && ALLOWED_PERMISSIONS.has(permission);
      if (!allowed) log.write("page.refused", { what: "permission" });
      return allowed;
    },
  };
}
