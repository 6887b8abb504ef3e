import { isAbsolute } from "node:path";
import { app } from "./app.ts";
import { ask, createEvent, Emitter } from "./emitter.ts";
import { host } from "./host.ts";
import type { Image } from "./native-image.ts";
import { handlePageMessage } from "./page-messages.ts";
import { handlePausedRequest } from "./page-requests.ts";
import { Page, type Bounds, type WebPreferences } from "./page.ts";
import {
  WebContents,
  type LoadFileOptions,
  type OpenDetails,
  type OpenHandler,
} from "./web-contents.ts";
import { windows } from "./windows.ts";

export type WindowOptions = Partial<Bounds> & {
  show?: boolean;
  title?: string;
  parent?: BrowserWindow;
  modal?: boolean;
  webPreferences?: WebPreferences;
};
type WindowState = "normal" | "minimized" | "maximized" | "fullscreen";

/** Electron's `BrowserWindow`: a window of Chromium. Only safe preferences can be reproduced. */
export class BrowserWindow extends Emitter {
  readonly id = ++windows.lastId;
  readonly webContents: WebContents;
  #options: WindowOptions;
  #bounds: Bounds;
  #page: Page;
  #title: string;
  #visible: boolean;
  #state: WindowState = "normal";
  #openHandler: OpenHandler = () => ({ action: "allow" });

  constructor(options: WindowOptions = {}) {
    super();
    if (!host.isReady) throw new Error("Cannot create BrowserWindow before app is ready");
    const preferences = safePreferences(options.webPreferences);
    const offset = 40 + 30 * (this.id % 8);
    const { x = offset, y = offset, width = 800, height = 600 } = options;
    this.#options = options;
    this.#bounds = { x, y, width, height };
    this.#title = options.title ?? app.getName();
    this.#visible = options.show !== false;
    this.webContents = new WebContents(this.id, {
      page: () => this.#page,
      close: () => this.close(),
      focus: () => this.focus(),
      isFocused: () => this.isFocused(),
      setOpenHandler: (handler) => void (this.#openHandler = handler),
    });
    this.#page = this.#createPage(preferences);
    windows.all.set(this.id, { window: this, page: this.#page });
    windows.focusedId ??= this.id;
    app.emit("web-contents-created", createEvent({}), this.webContents);
    app.emit("browser-window-created", createEvent({}), this);
  }

  static getAllWindows(): BrowserWindow[] {
    return [...windows.all.values()].map(({ window }) => window);
  }

  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return BrowserWindow.fromId(contents.id);
  }

  static fromId(id: number): BrowserWindow | null {
    return windows.all.get(id)?.window ?? null;
  }

  static getFocusedWindow(): BrowserWindow | null {
    return BrowserWindow.fromId(windows.focusedId ?? 0);
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url);
  }

  loadFile(path: string, options?: LoadFileOptions): Promise<void> {
    return this.webContents.loadFile(path, options);
  }

  reload(): void {
    this.webContents.reload();
  }

  capturePage(): Promise<Image> {
    return this.webContents.capturePage();
  }

  show(): void {
    this.showInactive();
    this.focus();
  }

  showInactive(): void {
    if (this.#visible) return;
    this.#visible = true;
    setImmediate(() => this.emit("show"));
  }

  hide(): void {
    if (!this.#visible) return;
    this.#visible = false;
    setImmediate(() => this.emit("hide"));
  }

  isVisible(): boolean {
    return this.#visible;
  }

  focus(): void {
    if (windows.focusedId !== this.id) {
      const before = BrowserWindow.getFocusedWindow();
      windows.focusedId = this.id;
      before?.emit("blur");
      if (before) app.emit("browser-window-blur", createEvent({}), before);
      this.emit("focus");
      app.emit("browser-window-focus", createEvent({}), this);
    }
    const front = this.#page.attached.then(() => this.#page.session.send("Page.bringToFront"));
    front.catch(() => undefined); // a window that closes meanwhile needs no focus
  }

  blur(): void {
    if (windows.focusedId !== this.id) return;
    windows.focusedId = null;
    this.emit("blur");
  }

  isFocused(): boolean {
    return windows.focusedId === this.id;
  }

  close(): void {
    void closeWindow(this);
  }

  destroy(): void {
    void closeWindow(this, { force: true });
  }

  isDestroyed(): boolean {
    return this.#page.destroyed;
  }

  getTitle(): string {
    return this.#title;
  }

  setTitle(title: string): void {
    this.#title = title;
  }

  getBounds(): Bounds {
    return { ...this.#bounds };
  }

  getContentBounds(): Bounds {
    return this.getBounds();
  }

  getNormalBounds(): Bounds {
    return this.getBounds();
  }

  getSize(): [number, number] {
    return [this.#bounds.width, this.#bounds.height];
  }

  getContentSize(): [number, number] {
    return this.getSize();
  }

  getPosition(): [number, number] {
    return [this.#bounds.x, this.#bounds.y];
  }

  setBounds(bounds: Partial<Bounds>): void {
    Object.assign(this.#bounds, bounds);
    const { x: left, y: top, width, height } = this.#bounds;
    this.#page.setWindow({ left, top, width, height });
    setImmediate(() => this.emit("resize"));
  }

  setSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }

  setContentSize(width: number, height: number): void {
    this.setSize(width, height);
  }

  setPosition(x: number, y: number): void {
    this.setBounds({ x, y });
  }

  #setState(state: WindowState, event: string): void {
    this.#state = state;
    this.#page.setWindow({ windowState: state });
    setImmediate(() => this.emit(event));
  }

  minimize(): void {
    this.#setState("minimized", "minimize");
  }

  maximize(): void {
    this.#setState("maximized", "maximize");
  }

  unmaximize(): void {
    this.#setState("normal", "unmaximize");
  }

  restore(): void {
    this.#setState("normal", "restore");
  }

  setFullScreen(on: boolean): void {
    this.#setState(on ? "fullscreen" : "normal", on ? "enter-full-screen" : "leave-full-screen");
  }

  isMinimized(): boolean {
    return this.#state === "minimized";
  }

  isMaximized(): boolean {
    return this.#state === "maximized";
  }

  isFullScreen(): boolean {
    return this.#state === "fullscreen";
  }

  getParentWindow(): BrowserWindow | null {
    return this.#options.parent ?? null;
  }

  isModal(): boolean {
    return this.#options.modal ?? false;
  }

  // What only a window manager would show: accepted, and seen on real Electron alone.
  center(): void {}
  flashFrame(): void {}
  moveTop(): void {}
  removeMenu(): void {}
  setAlwaysOnTop(): void {}
  setAutoHideMenuBar(): void {}
  setBackgroundColor(): void {}
  setContentProtection(): void {}
  setIcon(): void {}
  setMenu(): void {}
  setMenuBarVisibility(): void {}
  setMinimumSize(): void {}
  setOverlayIcon(): void {}
  setProgressBar(): void {}
  setTitleBarOverlay(): void {}

  #createPage(preferences: WebPreferences): Page {
    const contents = this.webContents;
    const open = (details: OpenDetails) => this.#openWindow(details, preferences);
    return new Page({
      id: this.id,
      contents,
      preferences,
      bounds: this.#bounds,
      onFirstPaint: () => this.emit("ready-to-show"),
      onTitle: (title) => void (this.#title = title),
      onMessage: (message, contextId) =>
        void handlePageMessage(this.#page, contents, open, message, contextId),
      onRequest: (paused) => {
        const handled = handlePausedRequest(this.#page, contents.mainFrame, paused);
        handled.catch((error: unknown) => {
          if (host.debug) console.error("[chromium-host]", error); // the page has gone meanwhile
        });
      },
    });
  }

  #openWindow(details: OpenDetails, preferences: WebPreferences): void {
    const answer = this.#openHandler(details);
    if (answer.action !== "allow") return;
    const overrides = (answer.overrideBrowserWindowOptions ?? {}) as WindowOptions;
    const opened = new BrowserWindow({
      ...overrides,
      webPreferences: { ...preferences, ...overrides.webPreferences },
    });
    this.webContents.emit("did-create-window", opened, details);
    opened.loadURL(details.url).catch(() => undefined); // `did-fail-load` has told the app
  }
}

function safePreferences(given: WebPreferences = {}): WebPreferences {
  const preferences = { sandbox: true, contextIsolation: true, ...given };
  const unsafe =
    !preferences.sandbox ||
    !preferences.contextIsolation ||
    preferences.nodeIntegration ||
    preferences.nodeIntegrationInSubFrames ||
    preferences.nodeIntegrationInWorker ||
    preferences.webviewTag ||
    preferences.webSecurity === false;
  if (unsafe) {
    throw new Error(
      "chromium-host: only sandboxed, isolated windows without Node can be reproduced",
    );
  }
  const { preload } = preferences;
  if (preload && !isAbsolute(preload)) throw new Error("preload script must have absolute path");
  if (preload?.endsWith(".mjs")) throw new Error("a sandboxed preload cannot be an ES module");
  return preferences;
}

/** Closes a window; false when the app vetoed it. */
export async function closeWindow(
  window: BrowserWindow,
  { force = false }: { force?: boolean } = {},
): Promise<boolean> {
  const entry = windows.all.get(window.id);
  if (!entry) return true;
  if (!force && !ask(window, "close")) return false;
  await entry.page.attached;
  const { targetId } = entry.page;
  const closed = new Promise((resolve) => window.once("closed", resolve));
  await host.browser.connection.browser.send("Target.closeTarget", { targetId });
  await closed;
  return true;
}

/** Told by Chromium that a window has gone. */
export function forgetWindow(id: number): void {
  const entry = windows.all.get(id);
  if (!entry) return;
  windows.all.delete(id);
  entry.page.destroyed = true;
  if (windows.focusedId === id) windows.focusedId = [...windows.all.keys()].at(-1) ?? null;
  entry.window.webContents.emit("destroyed");
  entry.window.emit("closed");
  if (windows.all.size > 0 || host.quitting) return;
  if (app.listenerCount("window-all-closed") > 0) app.emit("window-all-closed");
  else app.quit();
}
