import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import {
  app,
  BrowserWindow,
  ipcMain,
  Menu,
  nativeTheme,
  net,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  type MenuItemConstructorOptions,
} from "electron";
import type {
  AppWindow,
  Build,
  Caller,
  Desktop,
  KeyringStrength,
  PageRules,
  Platform,
  WindowOptions,
} from "./platform.ts";

const SYSTEMS = ["darwin", "linux", "win32"] as const;

/** The name of the app's own scheme; `app://bundle/` is the renderer. */
const SCHEME = "app";

/** What must be said before the app is ready: every page is sandboxed, and `app:` is a secure scheme. */
export function prepareProcess(): void {
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([
    {
      scheme: SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true },
    },
  ]);
}

function keyringStrength(): KeyringStrength {
  if (!safeStorage.isEncryptionAvailable()) return "unavailable";
  if (process.platform !== "linux") return "safe";
  const backend = safeStorage.getSelectedStorageBackend();
  return backend === "basic_text" || backend === "unknown" ? "obfuscated" : "safe";
}

const hear = (events: string[], heard: () => void): (() => void) => {
  const emitter: NodeJS.EventEmitter = powerMonitor;
  for (const name of events) emitter.on(name, heard);
  return () => {
    for (const name of events) emitter.off(name, heard);
  };
};

/** The port's services over Electron. The app must be ready. */
export function electronPlatform(outFolder: string): Platform {
  const build: Build = {
    packaged: app.isPackaged,
    version: app.getVersion(),
    system: SYSTEMS.find((system) => system === process.platform) ?? "other",
  };
  return {
    build,
    paths: {
      userData: app.getPath("userData"),
      logs: join(app.getPath("userData"), "logs"),
      renderer: join(outFolder, "renderer"),
      preload: join(outFolder, "preload", "preload.cjs"),
    },
    environment: process.env,
    keyring: {
      strength: keyringStrength,
      seal: (text) => safeStorage.encryptString(text),
      open: (sealed) => safeStorage.decryptString(Buffer.from(sealed)),
    },
    power: {
      onWake: (heard) => hear(["resume", "unlock-screen"], heard),
    },
    fetch: (input, init) => net.fetch(input instanceof URL ? input.href : input, init),
  };
}

function callerOf(event: IpcMainEvent | IpcMainInvokeEvent): Caller {
  const { sender, senderFrame } = event;
  return {
    id: sender.id,
    frameUrl: senderFrame?.url ?? "",
    isMainFrame: senderFrame !== null && senderFrame.parent === null,
    send(channel, value) {
      if (!sender.isDestroyed()) sender.send(channel, value);
    },
    onGone(gone) {
      const once = () => {
        sender.off("did-navigate", once);
        sender.off("render-process-gone", once);
        sender.off("destroyed", once);
        gone();
      };
      sender.on("did-navigate", once);
      sender.on("render-process-gone", once);
      sender.on("destroyed", once);
    },
  };
}

function govern(rules: PageRules): void {
  protocol.handle(SCHEME, (request) => rules.serve(request));
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(rules.mayUse(permission, details.requestingUrl)),
  );
  session.defaultSession.setPermissionCheckHandler((_contents, permission, origin, details) =>
    rules.mayUse(permission, details.requestingUrl ?? origin),
  );
  session.defaultSession.setDevicePermissionHandler(() => false);
  session.defaultSession.on("will-download", (event) => event.preventDefault());
  app.on("web-contents-created", (_created, contents) => {
    contents.on("will-navigate", (event) => {
      if (!rules.mayNavigate(event.url)) event.preventDefault();
    });
    contents.on("will-frame-navigate", (event) => {
      if (!rules.mayNavigate(event.url)) event.preventDefault();
    });
    contents.on("will-redirect", (event) => {
      if (!rules.mayNavigate(event.url)) event.preventDefault();
    });
    contents.on("will-attach-webview", (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      rules.onOpenRequested(url);
      return { action: "deny" };
    });
  });
}

/** Editing and zooming by keyboard, without reload and developer tools; labels are the system's own. */
function setMenu(): void {
  const zoom: MenuItemConstructorOptions[] = [
    { role: "resetZoom" },
    { role: "zoomIn" },
    { role: "zoomOut" },
    { role: "togglefullscreen" },
  ];
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(process.platform === "darwin" ? [{ role: "appMenu" } as const] : []),
      { role: "editMenu" },
      { role: "viewMenu", submenu: zoom },
      { role: "windowMenu" },
    ]),
  );
}

function openWindow(options: WindowOptions): AppWindow {
  const window = new BrowserWindow({
    ...options.bounds,
    title: options.title,
    minWidth: options.minimum.width,
    minHeight: options.minimum.height,
    backgroundColor: options.background,
    show: false,
    autoHideMenuBar: true,
    webPreferences: { ...options.preferences, preload: options.preload },
  });
  if (options.maximized) window.maximize();
  window.once("ready-to-show", () => window.show());

  const tell = () => options.onBoundsChanged(window.getNormalBounds(), window.isMaximized());
  let settled: NodeJS.Timeout | undefined;
  const tellSoon = () => {
    clearTimeout(settled);
    settled = setTimeout(() => !window.isDestroyed() && tell(), 400);
  };
  window.on("resize", tellSoon);
  window.on("move", tellSoon);
  window.on("close", () => {
    clearTimeout(settled);
    tell();
  });
  window.on("closed", options.onClosed);
  window.webContents.on("render-process-gone", (_event, { reason }) => {
    if (reason !== "clean-exit") options.onCrashed();
  });
  // A page that does not load shows Electron's own error; there is nothing to answer.
  window.loadURL(options.url).catch(() => undefined);
  return {
    reload: () => window.webContents.reload(),
    focus() {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
  };
}

/** The port's shell over Electron. The app must be ready. */
export function electronDesktop(): Desktop {
  setMenu();
  return {
    theme: { isDark: () => nativeTheme.shouldUseDarkColors },
    screens: { workAreas: () => screen.getAllDisplays().map((display) => display.workArea) },
    links: { open: (url) => shell.openExternal(url) },
    pages: { govern },
    calls: {
      answer: (channel, respond) =>
        ipcMain.handle(channel, (event, value: unknown) => respond(callerOf(event), value)),
      hear(channel, heard) {
        ipcMain.on(channel, (event, value: unknown) => heard(callerOf(event), value));
      },
    },
    openWindow,
  };
}

/** How long the app waits for its work to end before it quits all the same; the outbox bears that. */
const QUIT_MS = 5_000;

export type Lifecycle = {
  ready(): Promise<void>;
  /** False where another copy of the app runs; that copy is then told to come to the front. */
  isFirstInstance(): boolean;
  onSecondInstance(heard: () => void): void;
  onActivate(heard: () => void): void;
  /** Ends the app once the work is done; asked once, when the last window closes or the system ends. */
  onQuit(finish: () => Promise<void>): void;
  quit(): void;
};

/** The life of the process. */
export function electronLifecycle(): Lifecycle {
  return {
    ready: async () => void (await app.whenReady()),
    isFirstInstance: () => app.requestSingleInstanceLock(),
    onSecondInstance: (heard) => void app.on("second-instance", heard),
    onActivate: (heard) => void app.on("activate", heard),
    onQuit(finish) {
      let state: "open" | "finishing" | "done" = "open";
      app.on("window-all-closed", () => {
        if (process.platform !== "darwin") app.quit();
      });
      app.on("will-quit", (event) => {
        if (state === "done") return;
        event.preventDefault();
        if (state === "finishing") return;
        state = "finishing";
        void Promise.race([finish(), wait(QUIT_MS)]).finally(() => {
          state = "done";
          app.quit();
        });
      });
    },
    quit: () => app.quit(),
  };
}
