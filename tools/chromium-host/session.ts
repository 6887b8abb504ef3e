import { Emitter } from "./emitter.ts";
import { host, unsupported } from "./host.ts";
import { protocol } from "./protocol.ts";
import { fromHttp, toHttp } from "./scheme-url.ts";

type Details = Record<string, unknown>;
type RequestHandler = (
  contents: object,
  permission: string,
  answer: (granted: boolean) => void,
  details: Details,
) => void;
type CheckHandler = (
  contents: object | null,
  permission: string,
  origin: string,
  details: Details,
) => boolean;
type DisplayStreams = { video?: object };
type DisplayHandler = (request: Details, answer: (streams?: DisplayStreams) => void) => unknown;

export type HeadersDetails = {
  url: string;
  method: string;
  resourceType: string;
  statusCode: number;
  responseHeaders: Record<string, string[]>;
  webContentsId: number;
};
export type HeadersAnswer = {
  cancel?: boolean;
  responseHeaders?: Record<string, string | string[]>;
};
type HeadersHandler = (details: HeadersDetails, answer: (answer: HeadersAnswer) => void) => void;

/** What the handlers decide, held apart from the public face of the session. */
export const decisions = {
  request: null as RequestHandler | null,
  check: null as CheckHandler | null,
  display: null as DisplayHandler | null,
  headers: null as HeadersHandler | null,
};

/** Electron's names for a permission, and Chromium's. */
const chromiumNames: Record<string, string[]> = {
  media: ["camera", "microphone"],
  "display-capture": ["display-capture"],
  notifications: ["notifications"],
  geolocation: ["geolocation"],
  "clipboard-read": ["clipboard-read"],
};

/** Asks the app's handlers, then makes Chromium hold the same answer. */
export async function askPermission(
  contents: object,
  permission: string,
  details: object,
  pageUrl: string,
): Promise<boolean> {
  const requestingUrl = fromHttp(pageUrl);
  const all: Details = { requestingUrl, isMainFrame: true, ...details };
  const { check, request } = decisions;
  let granted = !check || check(contents, permission, new URL(requestingUrl).origin, all);
  if (granted && request) {
    granted = await new Promise<boolean>((answer) => request(contents, permission, answer, all));
  }
  const origin = new URL(pageUrl).origin;
  const setting = granted ? "granted" : "denied";
  for (const name of chromiumNames[permission] ?? []) {
    if (origin === "null") break;
    await host.browser.connection.browser
      .send("Browser.setPermission", { permission: { name }, setting, origin })
      .catch(() => undefined); // an older Chromium may not know the name; its own default then holds
  }
  return granted;
}

/** Answers `getDisplayMedia`: options to go on with, or the error that the page sees. */
export async function askDisplayMedia(
  contents: object,
  wanted: { video: boolean; audio: boolean },
  pageUrl: string,
  frame: object,
): Promise<object> {
  const { display } = decisions;
  if (!display) return { error: "NotSupportedError", message: "Not supported" };
  const denied = { error: "NotAllowedError", message: "Permission denied" };
  if (!(await askPermission(contents, "display-capture", {}, pageUrl))) return denied;
  const request: Details = {
    frame,
    securityOrigin: new URL(fromHttp(pageUrl)).origin,
    videoRequested: wanted.video,
    audioRequested: wanted.audio,
    userGesture: true,
  };
  const streams = await new Promise<DisplayStreams>((resolve) => {
    const asked = (async () => display(request, (given) => resolve(given ?? {})))();
    asked.catch(() => resolve({}));
  });
  if (!streams.video) return denied;
  // Without a display there is no screen to capture; the tab itself stands for it.
  return { options: host.headless ? { preferCurrentTab: true } : {} };
}

const webRequest = {
  onHeadersReceived(...args: [HeadersHandler | null] | [object, HeadersHandler | null]): void {
    const handler = args.at(-1);
    decisions.headers = typeof handler === "function" ? (handler as HeadersHandler) : null;
  },
};

export class Session extends Emitter {
  readonly protocol = protocol;
  readonly webRequest = webRequest;

  static fromPartition = unsupported("session.fromPartition");
  static fromPath = unsupported("session.fromPath");

  get storagePath(): string {
    return host.browser.profile;
  }

  isPersistent(): boolean {
    return true;
  }

  setPermissionRequestHandler(handler: RequestHandler | null): void {
    decisions.request = handler;
  }

  setPermissionCheckHandler(handler: CheckHandler | null): void {
    decisions.check = handler;
  }

  setDisplayMediaRequestHandler(handler: DisplayHandler | null): void {
    decisions.display = handler;
  }

  /** No device is ever offered here, so the handler has nothing to decide. */
  setDevicePermissionHandler(): void {}

  /** Spelling is not checked here, so that no dictionary is fetched. */
  setSpellCheckerEnabled(): void {}

  async clearStorageData(): Promise<void> {
    for (const scheme of host.schemes.keys()) {
      const origin = toHttp(`${scheme}://bundle`).replace(/\/$/, "");
      await host.browser.connection.browser.send("Storage.clearDataForOrigin", {
        origin,
        storageTypes: "all",
      });
    }
  }
}

const defaultSession = new Session();

export const session = {
  get defaultSession(): Session {
    if (!host.isReady) throw new Error("Session can only be received when app is ready");
    return defaultSession;
  },
  fromPartition: Session.fromPartition,
  fromPath: Session.fromPath,
};

export function getSession(): Session {
  return defaultSession;
}
