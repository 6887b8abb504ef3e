/**
 * The port to the operating system and to Electron. Every service takes what it needs of it, so that
 * all of them run in a test without Electron; `electron-platform.ts` is the one adapter that imports it.
 */
export interface Platform {
  readonly build: Build;
  readonly paths: Paths;
  /** Environment variables of this process, for configuration only. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly keyring: Keyring;
  readonly power: Power;
  /** `fetch` over the operating system's proxy and certificate store; an invalid certificate fails. */
  readonly fetch: typeof fetch;
}

/** What the shell around the services needs: windows, the page's scheme, calls from pages. */
export interface Desktop {
  readonly theme: { isDark(): boolean };
  readonly screens: { workAreas(): Rectangle[] };
  readonly links: { open(url: string): Promise<void> };
  readonly pages: Pages;
  readonly calls: Calls;
  openWindow(options: WindowOptions): AppWindow;
}

export type Build = {
  /** False when the app runs from its source folder. */
  packaged: boolean;
  version: string;
  system: "darwin" | "linux" | "win32" | "other";
};

export type Paths = {
  userData: string;
  logs: string;
  /** The built renderer, served as `app://bundle/`. */
  renderer: string;
  /** The built preload, absolute. */
  preload: string;
};

/**
 * How well the operating system keeps a secret. `obfuscated` is Electron's `basic_text`: a fixed
 * password that every program knows, so it counts as no keyring.
 */
export type KeyringStrength = "safe" | "obfuscated" | "unavailable";

/** The operating system's keyring. Secrets are bound to the user account of the machine. */
export interface Keyring {
  strength(): KeyringStrength;
  seal(text: string): Uint8Array;
  /** Throws where the bytes were not sealed by this keyring. */
  open(sealed: Uint8Array): string;
}

export interface Power {
  /** Runs `heard` after the machine woke up or the screen was unlocked; returns how to stop. */
  onWake(heard: () => void): () => void;
}

export type Rectangle = { x: number; y: number; width: number; height: number };

/** The switches of a page that the security checklist rests on; there is one set for all windows. */
export type PagePreferences = {
  sandbox: true;
  contextIsolation: true;
  nodeIntegration: false;
  nodeIntegrationInWorker: false;
  nodeIntegrationInSubFrames: false;
  webSecurity: true;
  allowRunningInsecureContent: false;
  experimentalFeatures: false;
  webviewTag: false;
  navigateOnDragDrop: false;
  spellcheck: false;
  devTools: boolean;
};

export type WindowOptions = {
  title: string;
  bounds: { width: number; height: number; x?: number; y?: number };
  minimum: { width: number; height: number };
  maximized: boolean;
  background: string;
  url: string;
  preload: string;
  preferences: PagePreferences;
  /** Called when the window moved, changed its size or closes. */
  onBoundsChanged(bounds: Rectangle, maximized: boolean): void;
  /** The page's process died. */
  onCrashed(): void;
  onClosed(): void;
};

export interface AppWindow {
  reload(): void;
  /** Restores it if minimised, shows it and gives it the focus. */
  focus(): void;
}

/** The rules of every page of the app, of whatever window. */
export type PageRules = {
  /** Answers a request for the app's own scheme. */
  serve(request: Request): Promise<Response>;
  /** Whether a frame may go to this address by itself. */
  mayNavigate(url: string): boolean;
  /** A page asked for a new window, which it never gets. */
  onOpenRequested(url: string): void;
  /** Whether a page may use a power of the browser, such as the camera. */
  mayUse(permission: string, requestingUrl: string): boolean;
};

export interface Pages {
  /** Lays the rules over every page, before the first window opens. */
  govern(rules: PageRules): void;
}

/** The page that a call comes from. */
export type Caller = {
  /** The same number for all calls of one page host (a window). */
  id: number;
  /** Address of the frame that sent the call; empty when the frame is gone. */
  frameUrl: string;
  /** False for a frame inside a page. */
  isMainFrame: boolean;
  /** Sends to the page; does nothing once it is gone. */
  send(channel: string, value: unknown): void;
  /** Runs `gone` once, when the page navigates away, crashes or is destroyed. */
  onGone(gone: () => void): void;
};

export interface Calls {
  /** Answers `invoke` on a channel. */
  answer(channel: string, respond: (caller: Caller, value: unknown) => Promise<unknown>): void;
  /** Hears `send` on a channel. */
  hear(channel: string, heard: (caller: Caller, value: unknown) => void): void;
}
