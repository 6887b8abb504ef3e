import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openLog } from "#electron/log/log.ts";
import { createTestDesktop } from "#electron/platform/testing/test-desktop.ts";
import { createTestPlatform, type TestPlatform } from "#electron/platform/testing/test-platform.ts";
import { contentSecurityPolicy } from "./content-security-policy.ts";
import { createMainWindow, type MainWindow } from "./open-window.ts";
import { isAllowedLink } from "./page-rules.ts";

describe("window", () => {
  let platform: TestPlatform;
  let desktop: ReturnType<typeof createTestDesktop>;
  let window: MainWindow;
  const start = () => {
    desktop = createTestDesktop();
    window = createMainWindow(platform, desktop, openLog(platform.paths.logs));
  };
  const opened = () => {
    const options = desktop.opened.at(-1);
    if (!options) throw new Error("no window was opened");
    return options;
  };
  const rules = () => {
    if (!desktop.rules) throw new Error("no rules were laid");
    return desktop.rules;
  };
  const refusals = () => readFileSync(join(platform.paths.logs, "main.jsonl"), "utf8");

  beforeEach(() => {
    platform = createTestPlatform();
    mkdirSync(platform.paths.renderer);
    start();
  });
  afterEach(() => platform.remove());

  it("opens once, and comes to the front when asked again", () => {
    window.show();
    window.show();
    expect(desktop.opened).toHaveLength(1);
    expect(desktop.focused).toBe(1);
    opened().onClosed();
    window.show();
    expect(desktop.opened).toHaveLength(2);
  });

  it("starts at 1280 × 800, never below 960 × 640, on the app's own page", () => {
    window.show();
    expect(opened()).toMatchObject({
      bounds: { width: 1280, height: 800 },
      minimum: { width: 960, height: 640 },
      url: "app://bundle/index.html",
      preload: platform.paths.preload,
    });
  });

  it("has the canvas of the theme behind the first frame", () => {
    window.show();
    expect(opened().background).toBe("#F5F7F6");
    start();
    desktop.dark = true;
    window.show();
    expect(opened().background).toBe("#0E1413");
  });

  it("opens where it was, and at the start size where that screen is gone", () => {
    window.show();
    opened().onBoundsChanged({ x: 30, y: 40, width: 1000, height: 700 }, true);
    start();
    window.show();
    expect(opened()).toMatchObject({
      bounds: { x: 30, y: 40, width: 1000, height: 700 },
      maximized: true,
    });
    start();
    desktop.areas = [{ x: 5000, y: 0, width: 1920, height: 1080 }];
    window.show();
    expect(opened().bounds).toEqual({ width: 1280, height: 800 });
  });

  it("bears a file of bounds that is damaged or absurd", () => {
    for (const text of ["{", "[]", '{"x":0,"y":0,"width":1e9,"height":1,"maximized":false}']) {
      writeFileSync(join(platform.paths.userData, "window.json"), text);
      start();
      window.show();
      expect(opened().bounds).toEqual({ width: 1280, height: 800 });
    }
  });

  it("reloads a page that crashed, but not one that crashes again at once", () => {
    window.show();
    opened().onCrashed();
    opened().onCrashed();
    expect(desktop.reloaded).toBe(1);
  });

  describe("Electron's checklist", () => {
    it("sandboxes and isolates the page, without Node, webviews or experiments", () => {
      window.show();
      expect(opened().preferences).toEqual({
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
        devTools: true,
      });
    });

    it("has no developer tools when installed", () => {
      platform.build.packaged = true;
      start();
      window.show();
      expect(opened().preferences.devTools).toBe(false);
    });

    it.each([
      ["app://bundle/index.html", true],
      ["app://bundle/other.html#/today", true],
      ["https://evil.example/", false],
      ["app://evil/", false],
      ["app://bundle.evil.example/", false],
      ["file:///etc/passwd", false],
      ["javascript:alert(1)", false],
      ["data:text/html,x", false],
      ["", false],
    ])("lets a page go to %s: %s", (url, allowed) => {
      expect(rules().mayNavigate(url)).toBe(allowed);
    });

    it.each([
      ["https://supabase.com/dashboard", true],
      ["https://supabase.com.evil.example/", false],
      ["https://user@supabase.com/", false],
      ["http://supabase.com/", false],
      ["file:///etc/passwd", false],
      ["ms-msdt:/id", false],
      ["smb://supabase.com/share", false],
    ])("hands %s to the browser: %s", (url, allowed) => {
      rules().onOpenRequested(url);
      expect(desktop.linked).toEqual(allowed ? [url] : []);
      expect(isAllowedLink(url, [])).toBe(false);
    });

    it.each([
      "media",
      "display-capture",
      "geolocation",
      "notifications",
      "midi",
      "hid",
      "serial",
      "usb",
      "clipboard-read",
      "fullscreen",
      "openExternal",
      "fileSystem",
      "unknown",
    ])("denies %s to its own page", (permission) => {
      expect(rules().mayUse(permission, "app://bundle/index.html")).toBe(false);
      expect(refusals()).toContain('"what":"permission"');
    });

    it("allows copying to its own page only", () => {
      expect(rules().mayUse("clipboard-sanitized-write", "app://bundle/index.html")).toBe(true);
      expect(rules().mayUse("clipboard-sanitized-write", "https://evil.example/")).toBe(false);
    });

    it("has a policy without inline script, eval, frames or foreign addresses", () => {
      const policy = contentSecurityPolicy("abc");
      expect(policy).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-abc'; " +
          "img-src 'self' data: blob:; font-src 'self'; media-src 'self' blob:; " +
          "connect-src 'self'; worker-src 'self'; frame-src 'none'; object-src 'none'; " +
          "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      );
    });
  });

  describe("bundle", () => {
    const ask = (path: string, init?: RequestInit) =>
      rules().serve(new Request(`app://bundle${path}`, init));

    beforeEach(() => {
      writeFileSync(join(platform.paths.renderer, "index.html"), "<html><head></head>hello</html>");
      writeFileSync(join(platform.paths.renderer, "a b.js"), "1");
      writeFileSync(join(platform.paths.renderer, "secret.key"), "1");
      writeFileSync(join(platform.paths.userData, "outside.html"), "outside");
    });

    it("serves the page with the policy and a nonce of its own each time", async () => {
      const [one, two] = [await ask("/index.html"), await ask("/")];
      expect(one.status).toBe(200);
      expect(one.headers.get("content-type")).toBe("text/html; charset=utf-8");
      const nonce = /'nonce-([^']+)'/.exec(one.headers.get("content-security-policy") ?? "")?.[1];
      expect(await one.text()).toContain(`<meta property="csp-nonce" nonce="${nonce}">`);
      expect(two.headers.get("content-security-policy")).not.toContain(String(nonce));
      expect(one.headers.get("x-content-type-options")).toBe("nosniff");
    });

    it("serves a file whose name is escaped", async () => {
      const found = await ask("/a%20b.js");
      expect(await found.text()).toBe("1");
      expect(found.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    });

    it.each([
      "/../outside.html",
      "/%2e%2e/outside.html",
      "/..%2foutside.html",
      "/..%5coutside.html",
      "/%252e%252e/outside.html",
      "/a/../../outside.html",
      "//etc/passwd",
      "/%00.html",
      "/%E0%A4%A",
      "/secret.key",
      "/missing.html",
    ])("does not serve %s", async (path) => {
      const answer = await ask(path);
      expect(answer.status).toBe(404);
      expect(await answer.text()).not.toContain("outside");
      expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(refusals()).toContain('"what":"path"');
    });

    it("serves neither another host nor another method", async () => {
      const other = await rules().serve(new Request("app://other/index.html"));
      expect(other.status).toBe(404);
      expect((await ask("/index.html", { method: "POST" })).status).toBe(404);
    });
  });
});
