import { readFileSync } from "node:fs";
import type { CdpSession } from "./cdp.ts";
import { codec } from "./codec.ts";
import { createEvent, ask, type Emitter } from "./emitter.ts";
import { host } from "./host.ts";
import type { HostMessage, PageMessage } from "./inject/isolated-world.ts";
import { createInjectedSource } from "./inject/source.ts";
import { currentTheme, applyTheme } from "./native-theme.ts";
import type { PausedRequest } from "./page-requests.ts";
import { openTarget } from "./page-target.ts";
import { fromHttp, isBlankWindowUrl, toHttp } from "./scheme-url.ts";
import { decisions } from "./session.ts";

export type WebPreferences = {
  preload?: string;
  additionalArguments?: string[];
  backgroundThrottling?: boolean;
  sandbox?: boolean;
  contextIsolation?: boolean;
  nodeIntegration?: boolean;
  nodeIntegrationInSubFrames?: boolean;
  nodeIntegrationInWorker?: boolean;
  webSecurity?: boolean;
  webviewTag?: boolean;
};
export type Bounds = { x: number; y: number; width: number; height: number };

/** What the public face of a window lends to its page. */
export type PageOwner = {
  id: number;
  contents: Emitter;
  preferences: WebPreferences;
  bounds: Bounds;
  onMessage: (message: PageMessage, contextId: number) => void;
  onFirstPaint: () => void;
  onTitle: (title: string) => void;
  onRequest: (request: PausedRequest) => void;
};

const preloadWorld = "Electron Isolated Context";
const noFrameIds = new Set(["", undefined]);

/** One page of Chromium behind a window: attaches to it, injects the preload, follows its life. */
export class Page {
  readonly owner: PageOwner;
  readonly attached: Promise<void>;
  targetId = "";
  url = "";
  title = "";
  loading = false;
  destroyed = false;
  /** The address that the main process itself asked for, so that `will-navigate` stays silent. */
  expectedUrl: string | null = null;
  #session: CdpSession | null = null;
  #contextId = 0;
  #windowId = 0;
  #painted = false;
  #navigated = false;

  constructor(owner: PageOwner) {
    this.owner = owner;
    this.attached = host.ready.promise.then(() => this.#attach());
    // Whoever awaits the page hears of a failure; a window that nobody awaits must not end the app.
    this.attached.catch((error: unknown) => {
      if (!host.quitting && !this.destroyed) console.error("chromium-host: no page", error);
    });
  }

  /** The page's DevTools session; only after `attached`. */
  get session(): CdpSession {
    if (!this.#session) throw new Error("The page is not attached yet");
    return this.#session;
  }

  isMainFrame(frameId: string | undefined): boolean {
    return !noFrameIds.has(frameId) && frameId === this.targetId;
  }

  post(message: HostMessage, contextId = this.#contextId): void {
    if (!contextId || this.destroyed) return;
    this.session
      .send("Runtime.callFunctionOn", {
        functionDeclaration: "(text) => hostReceive(text)",
        executionContextId: contextId,
        arguments: [{ value: codec.encode(message) }],
        silent: true,
      })
      .catch(() => undefined); // the document has gone meanwhile, and its listeners with it
  }

  async load(url: string): Promise<void> {
    await this.attached;
    const target = toHttp(url);
    this.expectedUrl = target.split("#")[0] ?? target; // Fetch reports addresses without fragment
    const loaded = new Set<string>();
    const { promise, resolve } = Promise.withResolvers<void>();
    let loaderId: string | undefined;
    const onLifecycle = (event: { name: string; loaderId: string }) => {
      if (event.name !== "load") return;
      loaded.add(event.loaderId);
      if (event.loaderId === loaderId) resolve();
    };
    this.session.on("Page.lifecycleEvent", onLifecycle);
    try {
      const answer = await this.session.send("Page.navigate", { url: target });
      this.expectedUrl = null;
      if (answer.errorText) throw this.#loadError(answer.errorText, url);
      loaderId = answer.loaderId;
      if (loaderId && !loaded.has(loaderId)) await promise;
    } finally {
      this.session.off("Page.lifecycleEvent", onLifecycle);
    }
    if (this.#navigated) return;
    this.#navigated = true;
    await this.session.send("Page.resetNavigationHistory");
  }

  async evaluate(expression: string, userGesture = false): Promise<unknown> {
    await this.attached;
    const answer = await this.session.send("Runtime.evaluate", {
      expression,
      userGesture,
      awaitPromise: true,
      returnByValue: true,
    });
    const { exceptionDetails, result } = answer;
    if (exceptionDetails) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value as unknown;
  }

  /** Moves or resizes the window; a page that goes away meanwhile is no error. */
  setWindow(bounds: {
    left?: number;
    top?: number;
    width?: number;
    height?: number;
    windowState?: "normal" | "minimized" | "maximized" | "fullscreen";
  }): void {
    this.attached
      .then(() =>
        host.browser.connection.browser.send("Browser.setWindowBounds", {
          windowId: this.#windowId,
          bounds,
        }),
      )
      .catch(() => undefined);
  }

  #loadError(errorText: string, url: string): Error {
    const code = errorText.replace("net::", "");
    this.owner.contents.emit("did-fail-load", createEvent({}), -2, code, url, true);
    return Object.assign(new Error(`${code} (-2) loading '${url}'`), { code, errno: -2, url });
  }

  async #attach(): Promise<void> {
    const { browser } = host.browser.connection;
    const { bounds } = this.owner;
    this.targetId = await openTarget(this.owner.id, bounds);
    const { sessionId } = await browser.send("Target.attachToTarget", {
      targetId: this.targetId,
      flatten: true,
    });
    const session = host.browser.connection.session(sessionId);
    this.#session = session;
    const { windowId } = await browser.send("Browser.getWindowForTarget", {
      targetId: this.targetId,
    });
    this.#windowId = windowId;
    this.#followContext(session);
    this.#followLife(session);
    await this.#enable(session);
    await browser.send("Browser.setWindowBounds", {
      windowId,
      bounds: { left: bounds.x, top: bounds.y },
    });
    await browser.send("Browser.setContentsSize", {
      windowId,
      width: bounds.width,
      height: bounds.height,
    });
  }

  async #enable(session: CdpSession): Promise<void> {
    const { preferences } = this.owner;
    const preload = preferences.preload ? readFileSync(preferences.preload, "utf8") : "";
    const source = createInjectedSource(preloadProcess(preferences), preload);
    const schemes = [...host.schemes.keys()].map((scheme) => ({ urlPattern: `${scheme}://*` }));
    await Promise.all([
      session.send("Page.enable"),
      session.send("Page.setLifecycleEventsEnabled", { enabled: true }),
      session.send("Runtime.enable"),
      session.send("Runtime.addBinding", { name: "hostSend", executionContextName: preloadWorld }),
      session.send("Page.addScriptToEvaluateOnNewDocument", { source: source.mainWorld }),
      session.send("Page.addScriptToEvaluateOnNewDocument", {
        worldName: preloadWorld,
        source: source.isolatedWorld,
      }),
      session.send("Fetch.enable", {
        patterns: [
          { resourceType: "Document" },
          ...schemes,
          // Only where the app listens, because every pause costs a round trip.
          ...(decisions.headers
            ? [{ urlPattern: "http*", requestStage: "Response" as const }]
            : []),
        ],
      }),
      applyTheme(session, currentTheme()),
      preferences.backgroundThrottling === false &&
        session.send("Emulation.setFocusEmulationEnabled", { enabled: true }),
    ]);
  }

  #followContext(session: CdpSession): void {
    session.on("Runtime.executionContextCreated", ({ context }) => {
      const { frameId } = (context.auxData ?? {}) as { frameId?: string };
      if (context.name === preloadWorld && this.isMainFrame(frameId)) this.#contextId = context.id;
    });
    session.on("Runtime.executionContextDestroyed", ({ executionContextId }) => {
      if (executionContextId === this.#contextId) this.#contextId = 0;
    });
    session.on("Runtime.executionContextsCleared", () => void (this.#contextId = 0));
    session.on("Runtime.bindingCalled", ({ name, payload, executionContextId }) => {
      if (name !== "hostSend") return;
      this.#contextId ||= executionContextId;
      this.owner.onMessage(codec.decode(payload) as PageMessage, executionContextId);
    });
  }

  #followLife(session: CdpSession): void {
    const { contents } = this.owner;
    session.on("Page.frameNavigated", ({ frame }) => {
      if (frame.parentId || isBlankWindowUrl(frame.url)) return;
      this.url = fromHttp(frame.url + (frame.urlFragment ?? ""));
      contents.emit("did-navigate", createEvent({}), this.url, 200, "OK");
    });
    session.on("Page.navigatedWithinDocument", ({ frameId, url }) => {
      if (!this.isMainFrame(frameId)) return;
      this.url = fromHttp(url);
      contents.emit("did-navigate-in-page", createEvent({}), this.url, true, 0, 0);
    });
    session.on("Page.frameStartedLoading", ({ frameId }) => {
      if (!this.isMainFrame(frameId)) return;
      this.loading = true;
      contents.emit("did-start-loading");
    });
    session.on("Page.frameStoppedLoading", ({ frameId }) => {
      if (!this.isMainFrame(frameId)) return;
      this.loading = false;
      contents.emit("did-stop-loading");
    });
    session.on("Page.domContentEventFired", () => {
      if (this.url) contents.emit("dom-ready", createEvent({}));
    });
    session.on("Page.loadEventFired", () => {
      if (!this.url) return;
      contents.emit("did-finish-load", createEvent({}));
      if (!this.#painted) this.#announceFirstPaint();
    });
    session.on("Inspector.targetCrashed", () => {
      contents.emit("render-process-gone", createEvent({}), { reason: "crashed", exitCode: 1 });
    });
    session.on("Runtime.consoleAPICalled", ({ type, args, stackTrace }) => {
      const frame = stackTrace?.callFrames[0];
      const level = type === "error" || type === "warning" ? type : "info";
      const message = args.map((arg) => String(arg.value ?? arg.description)).join(" ");
      const details = { level, message, lineNumber: frame?.lineNumber ?? 0, sourceId: frame?.url };
      contents.emit("console-message", createEvent(details));
    });
    session.on("Fetch.requestPaused", (event) => this.owner.onRequest(event));
    host.browser.connection.browser.on("Target.targetInfoChanged", ({ targetInfo }) => {
      const { targetId, title } = targetInfo;
      if (targetId !== this.targetId || !this.url || title === this.title) return;
      this.title = title;
      if (ask(contents, "page-title-updated", title, true)) this.owner.onTitle(title);
    });
  }

  #announceFirstPaint(): void {
    this.#painted = true;
    const painted = "new Promise((done) => requestAnimationFrame(() => setTimeout(done)))";
    this.evaluate(painted)
      .catch(() => undefined) // a page that is already gone still counts as shown
      .finally(() => this.owner.onFirstPaint());
  }
}

function preloadProcess(preferences: WebPreferences) {
  const names = ["NODE_ENV", "HOME", "LANG"];
  const env = names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []));
  const { electron = "", chrome = "", node = "" } = process.versions;
  return {
    platform: process.platform,
    arch: process.arch,
    versions: { electron, chrome, node },
    env: Object.fromEntries(env) as Record<string, string>,
    argv: [process.execPath, ...(preferences.additionalArguments ?? [])],
  };
}
