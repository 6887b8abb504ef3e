import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Emitter } from "./emitter.ts";
import { host } from "./host.ts";
import { IpcMain } from "./ipc-main.ts";
import { createImage, type Image } from "./native-image.ts";
import { assertCloneable } from "./page-messages.ts";
import type { Page } from "./page.ts";
import { getSession, type Session } from "./session.ts";
import { findByTarget, windows } from "./windows.ts";

export type OpenDetails = {
  url: string;
  frameName: string;
  features: string;
  disposition: string;
  referrer: { url: string; policy: string };
};
type OpenAnswer = {
  action: "allow" | "deny";
  overrideBrowserWindowOptions?: Record<string, unknown>;
};
export type OpenHandler = (details: OpenDetails) => OpenAnswer;
export type LoadFileOptions = { query?: Record<string, string>; search?: string; hash?: string };

/** How a window answers for its contents; given by BrowserWindow. */
type Links = {
  page: () => Page;
  close: () => void;
  focus: () => void;
  isFocused: () => boolean;
  setOpenHandler: (handler: OpenHandler) => void;
};

/** Electron's `WebContents` over a page of Chromium. */
export class WebContents extends Emitter {
  readonly id: number;
  readonly session: Session = getSession();
  readonly ipc = new IpcMain();
  readonly mainFrame: object;
  #links: Links;

  constructor(id: number, links: Links) {
    super();
    this.id = id;
    this.#links = links;
    this.mainFrame = createMainFrame(this);
  }

  static getAllWebContents(): WebContents[] {
    return [...windows.all.values()].map(({ window }) => window.webContents);
  }

  static fromId(id: number): WebContents | undefined {
    return windows.all.get(id)?.window.webContents;
  }

  static fromDevToolsTargetId(targetId: string): WebContents | undefined {
    return findByTarget(targetId)?.window.webContents;
  }

  static getFocusedWebContents(): WebContents | null {
    return windows.all.get(windows.focusedId ?? 0)?.window.webContents ?? null;
  }

  get #page(): Page {
    return this.#links.page();
  }

  send(channel: string, ...args: unknown[]): void {
    if (typeof channel !== "string") throw new TypeError("Missing required channel argument");
    assertCloneable(args, "Failed to serialize arguments");
    this.#page.post({ type: "event", channel, args });
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#links.setOpenHandler(handler);
  }

  loadURL(url: string): Promise<void> {
    return this.#page.load(url);
  }

  loadFile(path: string, options: LoadFileOptions = {}): Promise<void> {
    const url = pathToFileURL(resolve(host.appPath, path));
    if (options.query) url.search = new URLSearchParams(options.query).toString();
    if (options.search) url.search = options.search;
    if (options.hash) url.hash = options.hash;
    return this.loadURL(url.href);
  }

  reload(): void {
    void this.#page.session.send("Page.reload");
  }

  stop(): void {
    void this.#page.session.send("Page.stopLoading");
  }

  executeJavaScript(code: string, userGesture = false): Promise<unknown> {
    return this.#page.evaluate(code, userGesture);
  }

  async insertCSS(css: string): Promise<string> {
    await this.#page.evaluate(`{
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(${JSON.stringify(css)});
      document.adoptedStyleSheets.push(sheet);
    }`);
    return "1";
  }

  async capturePage(): Promise<Image> {
    await this.#page.attached;
    const { data } = await this.#page.session.send("Page.captureScreenshot", { format: "png" });
    return createImage(Buffer.from(data, "base64"));
  }

  async printToPDF(): Promise<Buffer> {
    await this.#page.attached;
    const { data } = await this.#page.session.send("Page.printToPDF", { printBackground: true });
    return Buffer.from(data, "base64");
  }

  getURL(): string {
    return this.#page.url;
  }

  getTitle(): string {
    return this.#page.title;
  }

  isLoading(): boolean {
    return this.#page.loading;
  }

  isDestroyed(): boolean {
    return this.#page.destroyed;
  }

  isCrashed(): boolean {
    return false;
  }

  isFocused(): boolean {
    return this.#links.isFocused();
  }

  focus(): void {
    this.#links.focus();
  }

  close(): void {
    this.#links.close();
  }

  getType(): string {
    return "window";
  }

  getProcessId(): number {
    return this.id;
  }

  getOSProcessId(): number {
    return host.browser.process.pid ?? 0;
  }

  getOrCreateDevToolsTargetId(): string {
    return this.#page.targetId;
  }

  isDevToolsOpened(): boolean {
    return false;
  }

  /** There is nothing to close: DevTools never open here. */
  closeDevTools(): void {}

  /** The pages of the host are never throttled. */
  setBackgroundThrottling(): void {}

  async setVisualZoomLevelLimits(): Promise<void> {}
}

function createMainFrame(contents: WebContents): object {
  const frame = {
    get url() {
      return contents.getURL();
    },
    get origin() {
      return new URL(contents.getURL()).origin;
    },
    get top() {
      return frame;
    },
    get framesInSubtree() {
      return [frame];
    },
    frames: [],
    parent: null,
    name: "",
    routingId: 1,
    frameTreeNodeId: contents.id,
    processId: contents.id,
    isDestroyed: () => contents.isDestroyed(),
    send: (channel: string, ...args: unknown[]) => contents.send(channel, ...args),
    executeJavaScript: (code: string) => contents.executeJavaScript(code),
  };
  return frame;
}
