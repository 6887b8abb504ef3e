import { EventEmitter } from "node:events";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { PagePreferences, PageRules, WindowOptions } from "./platform.ts";

/** Electron, as far as the adapter touches it: it records what it is told, and can play events back. */
const electron = await vi.hoisted(async () => {
  const { EventEmitter: Emitter } = await import("node:events");
  const state = {
    switches: [] as string[],
    schemes: [] as unknown[],
    encryption: true,
    backend: "gnome_libsecret",
    handlers: new Map<string, (request: Request) => Promise<Response>>(),
    windows: [] as Record<string, unknown>[],
    requests: [] as ((...args: never[]) => unknown)[],
    checks: [] as ((...args: never[]) => unknown)[],
    session: new Emitter(),
    menu: null as unknown,
  };
  class BrowserWindow extends Emitter {
    webContents = new Emitter();
    constructor(options: Record<string, unknown>) {
      super();
      state.windows.push(options);
    }
    loadURL() {
      return Promise.resolve();
    }
    getNormalBounds() {
      return { x: 1, y: 2, width: 3, height: 4 };
    }
    isMaximized() {
      return false;
    }
    isDestroyed() {
      return false;
    }
  }
  const app = Object.assign(new Emitter(), {
    isPackaged: false,
    enableSandbox: () => state.switches.push("sandbox"),
    getVersion: () => "1.2.3",
    getPath: (name: string) => `/${name}`,
    requestSingleInstanceLock: () => true,
    quit: () => undefined,
  });
  const module = {
    app,
    BrowserWindow,
    ipcMain: Object.assign(new Emitter(), {
      handle: (channel: string, run: never) => state.handlers.set(channel, run),
    }),
    Menu: {
      buildFromTemplate: (items: unknown) => items,
      setApplicationMenu: (menu: unknown) => (state.menu = menu),
    },
    nativeTheme: { shouldUseDarkColors: false },
    net: { fetch: () => Promise.reject(new Error("no network")) },
    powerMonitor: new Emitter(),
    protocol: {
      registerSchemesAsPrivileged: (schemes: unknown[]) => state.schemes.push(...schemes),
      handle: (scheme: string, serve: never) => state.handlers.set(scheme, serve),
    },
    safeStorage: {
      isEncryptionAvailable: () => state.encryption,
      getSelectedStorageBackend: () => state.backend,
    },
    screen: { getAllDisplays: () => [] },
    session: {
      defaultSession: Object.assign(state.session, {
        setPermissionRequestHandler: (run: never) => state.requests.push(run),
        setPermissionCheckHandler: (run: never) => state.checks.push(run),
        setDevicePermissionHandler: (run: () => boolean) => state.switches.push(`devices ${run()}`),
      }),
    },
    shell: { openExternal: () => Promise.resolve() },
  };
  return { state, module };
});
vi.mock("electron", () => electron.module);
const { electronDesktop, electronLifecycle, electronPlatform, prepareProcess } =
  await import("./electron-platform.ts");

const { state, module } = electron;
const prevented = (contents: EventEmitter, name: string, url: string): boolean => {
  const event = { url, preventDefault: vi.fn<() => void>() };
  contents.emit(name, event, url);
  return event.preventDefault.mock.calls.length > 0;
};

describe("Electron adapter", () => {
  const asked: string[] = [];
  const rules: PageRules = {
    serve: async () => new Response("served"),
    mayNavigate: (url) => url.startsWith("app://bundle/"),
    onOpenRequested: (url) => void asked.push(url),
    mayUse: (permission, url) => permission === "allowed" && url === "app://bundle/",
  };
  beforeEach(() => {
    asked.length = 0;
    state.windows.length = 0;
    module.app.removeAllListeners();
  });

  it("sandboxes every page and makes `app:` a secure scheme before anything starts", () => {
    prepareProcess();
    expect(state.switches).toContain("sandbox");
    expect(state.schemes).toEqual([
      {
        scheme: "app",
        privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true },
      },
    ]);
  });

  describe("pages", () => {
    const contents = () => {
      electronDesktop().pages.govern(rules);
      const page = Object.assign(new EventEmitter(), {
        setWindowOpenHandler:
          vi.fn<(open: (details: { url: string }) => { action: string }) => void>(),
      });
      module.app.emit("web-contents-created", {}, page);
      return page;
    };

    it.each(["will-navigate", "will-frame-navigate", "will-redirect"])("governs %s", (name) => {
      const page = contents();
      expect(prevented(page, name, "https://evil.example/")).toBe(true);
      expect(prevented(page, name, "app://bundle/index.html")).toBe(false);
    });

    it("never opens a window or a webview for a page, nor saves a download", () => {
      const page = contents();
      const [open] = page.setWindowOpenHandler.mock.calls[0] ?? [];
      expect(open?.({ url: "https://evil.example/" })).toEqual({ action: "deny" });
      expect(open?.({ url: "app://bundle/index.html" })).toEqual({ action: "deny" });
      expect(asked).toEqual(["https://evil.example/", "app://bundle/index.html"]);
      expect(prevented(page, "will-attach-webview", "")).toBe(true);
      expect(prevented(state.session, "will-download", "")).toBe(true);
    });

    it("asks the rules for every permission, and gives no device", () => {
      contents();
      const answer = vi.fn<(allowed: boolean) => void>();
      const [request, check] = [state.requests.at(-1), state.checks.at(-1)] as never as [
        (page: null, permission: string, answer: unknown, details: object) => void,
        (page: null, permission: string, origin: string, details: object) => boolean,
      ];
      request(null, "allowed", answer, { requestingUrl: "app://bundle/" });
      request(null, "media", answer, { requestingUrl: "app://bundle/" });
      expect(answer.mock.calls).toEqual([[true], [false]]);
      expect(check(null, "allowed", "app://bundle/", {})).toBe(true);
      expect(check(null, "allowed", "https://evil.example", {})).toBe(false);
      expect(check(null, "media", "app://bundle/", {})).toBe(false);
      expect(state.switches).toContain("devices false");
    });

    it("has a menu without reload and developer tools", () => {
      contents();
      expect(JSON.stringify(state.menu)).not.toMatch(/reload|devtools/i);
      expect(JSON.stringify(state.menu)).toContain("zoomIn");
    });
  });

  it("hands the page's switches to the window as they are", () => {
    const preferences: PagePreferences = {
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
      spellcheck: false,
      devTools: false,
    };
    const options: WindowOptions = {
      title: "t",
      bounds: { width: 1280, height: 800 },
      minimum: { width: 960, height: 640 },
      maximized: false,
      background: "#000000",
      url: "app://bundle/index.html",
      preload: "/preload.cjs",
      preferences,
      onBoundsChanged: () => undefined,
      onCrashed: () => undefined,
      onClosed: () => undefined,
    };
    electronDesktop().openWindow(options);
    expect(state.windows[0]).toMatchObject({
      minWidth: 960,
      minHeight: 640,
      backgroundColor: "#000000",
    });
    // Exactly these: no Blink feature, no partition, nothing else.
    expect(state.windows[0]?.["webPreferences"]).toEqual({
      ...preferences,
      preload: "/preload.cjs",
    });
  });

  describe("calls", () => {
    const call = (frame: unknown) => {
      const calls = electronDesktop().calls;
      calls.answer("c", async (caller) => [caller.frameUrl, caller.isMainFrame]);
      const respond = state.handlers.get("c") as never as (event: unknown) => Promise<unknown>;
      return respond({ sender: Object.assign(new EventEmitter(), { id: 1 }), senderFrame: frame });
    };

    it("tells which frame calls, and whether it is the page's own", async () => {
      expect(await call({ url: "app://bundle/x", parent: null })).toEqual(["app://bundle/x", true]);
      expect(await call({ url: "app://bundle/x", parent: {} })).toEqual(["app://bundle/x", false]);
      expect(await call(null)).toEqual(["", false]);
    });

    it.each(["did-navigate", "render-process-gone", "destroyed"])(
      "says once that a page is gone after %s",
      async (name) => {
        const gone = vi.fn<() => void>();
        const calls = electronDesktop().calls;
        calls.hear("h", (caller) => caller.onGone(gone));
        const sender = Object.assign(new EventEmitter(), { id: 1 });
        module.ipcMain.emit("h", { sender, senderFrame: null }, null);
        sender.emit(name);
        sender.emit("destroyed");
        expect(gone).toHaveBeenCalledTimes(1);
        expect(sender.eventNames()).toEqual([]);
      },
    );
  });

  it.each([
    ["linux", "gnome_libsecret", true, "safe"],
    ["linux", "kwallet6", true, "safe"],
    ["linux", "basic_text", true, "obfuscated"],
    ["linux", "unknown", true, "obfuscated"],
    ["linux", "gnome_libsecret", false, "unavailable"],
    ["darwin", "basic_text", true, "safe"],
    ["win32", "basic_text", false, "unavailable"],
  ] as const)("on %s with %s, available %s: the keyring is %s", (system, backend, on, strength) => {
    const spy = vi.spyOn(process, "platform", "get").mockReturnValue(system);
    Object.assign(state, { backend, encryption: on });
    expect(electronPlatform("/out").keyring.strength()).toBe(strength);
    spy.mockRestore();
  });

  it("waits for the work to end before it quits, and quits once", async () => {
    const quit = vi.spyOn(module.app, "quit");
    const { promise: work, resolve: finish } = Promise.withResolvers<void>();
    electronLifecycle().onQuit(() => work);
    expect(prevented(module.app, "will-quit", "")).toBe(true);
    expect(prevented(module.app, "will-quit", "")).toBe(true);
    expect(quit).not.toHaveBeenCalled();
    finish();
    await vi.waitFor(() => expect(quit).toHaveBeenCalledTimes(1));
    expect(prevented(module.app, "will-quit", "")).toBe(false);
  });
});
