import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pagePreferences } from "#electron/window/page-rules.ts";
import { root } from "#tools/launch/root.ts";
import type { Workstation } from "#tools/tour/drive/workstation.ts";
import "./support/bridge.ts";
import { expect, test } from "./support/test.ts";

/** Electron's checklist, point by point: https://www.electronjs.org/docs/latest/tutorial/security */
test.describe("Electron's security checklist", () => {
  test("1 loads its own content only", async ({ openWorkstation }) => {
    const { app, window: page } = await openWorkstation();
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    await page.reload();
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
    expect(requests.length).toBeGreaterThan(3);
    const origin = await page.evaluate(() => location.origin);
    expect(requests.filter((url) => !url.startsWith(origin) && !isInline(url))).toEqual([]);
    expect(await mainUrl({ app })).toMatch(/^app:\/\/bundle\/index\.html/);
    const remote = await page.evaluate(() =>
      fetch("https://example.com/").then(
        () => "went through",
        (error: Error) => error.name,
      ),
    );
    expect(remote).toBe("TypeError");
  });

  test("2 and 20 give pages neither Node nor Electron", async ({ openWorkstation }) => {
    const { window: page } = await openWorkstation();
    const found = await page.evaluate(() =>
      ["require", "process", "module", "global", "Buffer", "electron", "ipcRenderer"].filter(
        (name) => name in window,
      ),
    );
    expect(found).toEqual([]);
    const exposed = await page.evaluate(() => ({
      members: Object.keys(window.consultingRoom ?? {}).toSorted(),
      frozen: Object.isFrozen(window.consultingRoom),
      replaced: Reflect.set(window, "consultingRoom", null),
    }));
    const members = ["cancel", "command", "host", "query", "request", "subscribe"];
    expect(exposed).toEqual({ members, frozen: true, replaced: false });
  });

  test("3 isolates the preload from the page", async ({ openWorkstation }) => {
    const { window: page } = await openWorkstation();
    const seen = await page.evaluate(async () => {
      // A page that changes its own prototypes must not reach the preload's.
      let touched = 0;
      for (const name of ["add", "delete"] as const) {
        const original: (this: Set<unknown>, value: unknown) => unknown = Set.prototype[name];
        Reflect.set(Set.prototype, name, function spy(this: Set<unknown>, value: unknown) {
          touched++;
          return original.call(this, value);
        });
      }
      new Set().add(1);
      const own = touched;
      const stop = window.consultingRoom?.subscribe("sync.changed", () => {});
      stop?.();
      return { own, preload: touched - own };
    });
    // The preload keeps its listeners in a Set of its own world, so the page's spies hear nothing.
    expect(seen).toEqual({ own: 1, preload: 0 });
  });

  test("4, 6, 8, 9 and 10 keep every page's switches safe", () => {
    for (const packaged of [true, false]) {
      expect(pagePreferences(packaged)).toEqual({
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
        devTools: !packaged,
      });
    }
    const main = builtMain();
    expect(main).toContain("contextIsolation");
    for (const unsafe of ["enableBlinkFeatures", "disable-web-security", "no-sandbox"]) {
      expect(main).not.toContain(unsafe);
    }
  });

  test("5 denies every permission that the app does not use", async ({ openWorkstation }) => {
    const { window: page } = await openWorkstation();
    const answers = await page.evaluate(async () => {
      const name = (error: Error) => error.name;
      return {
        camera: await navigator.mediaDevices
          .getUserMedia({ video: true })
          .then(() => "given", name),
        microphone: await navigator.mediaDevices
          .getUserMedia({ audio: true })
          .then(() => "given", name),
        screen: await navigator.mediaDevices.getDisplayMedia().then(() => "given", name),
        notifications: await Notification.requestPermission(),
      };
    });
    expect(answers.camera).not.toBe("given");
    expect(answers.microphone).not.toBe("given");
    expect(answers.screen).not.toBe("given");
    expect(answers.notifications).toBe("denied");
  });

  test("7 holds a content security policy without unsafe words", async ({ openWorkstation }) => {
    const { window: page } = await openWorkstation();
    const policy = await page.evaluate(async () => {
      const answer = await fetch(location.pathname);
      return answer.headers.get("content-security-policy") ?? "";
    });
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    const outcome = await page.evaluate(async () => {
      const violations: string[] = [];
      document.addEventListener("securitypolicyviolation", (event) => {
        violations.push(event.effectiveDirective);
      });
      const script = document.createElement("script");
      script.textContent = "window.injected = true";
      document.body.append(script);
      const image = document.createElement("img");
      image.setAttribute("onerror", "window.injected = true");
      image.src = "https://example.com/x.png";
      document.body.append(image);
      const frame = document.createElement("iframe");
      frame.src = "https://example.com/";
      document.body.append(frame);
      await new Promise((done) => setTimeout(done, 500));
      return { injected: "injected" in window, violations };
    });
    expect(outcome.injected).toBe(false);
    for (const directive of ["script-src-elem", "img-src", "frame-src"]) {
      expect(outcome.violations).toContain(directive);
    }
  });

  test("11 and 12 have no webview", async ({ openWorkstation }) => {
    const { app, window: page } = await openWorkstation();
    const before = app.windows().length;
    const made = await page.evaluate(async () => {
      const view = document.createElement("webview");
      view.setAttribute("allowpopups", "");
      view.setAttribute("src", "https://example.com/");
      document.body.append(view);
      await new Promise((done) => setTimeout(done, 300));
      return view.shadowRoot !== null || "loadURL" in view;
    });
    expect(made).toBe(false);
    expect(app.windows()).toHaveLength(before);
    const refused = await app.evaluate(({ webContents }) => {
      const [contents] = webContents.getAllWebContents();
      let prevented = false;
      const event = { preventDefault: () => void (prevented = true) };
      contents?.emit("will-attach-webview", event, {}, {});
      return prevented;
    });
    expect(refused).toBe(true);
  });

  test("13 stays where it is", async ({ openWorkstation }) => {
    const { app, window: page } = await openWorkstation();
    const before = await mainUrl({ app });
    for (const target of ["https://example.com/", "file:///etc/passwd", "data:text/html,x"]) {
      await page.evaluate((url) => void (location.href = url), target);
      await page.waitForTimeout(300);
      expect(await mainUrl({ app })).toBe(before);
    }
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  });

  test("14 and 15 open no window, and hand on only links of the list", async ({
    openWorkstation,
  }) => {
    const { app, window: page } = await openWorkstation();
    await app.evaluate(({ shell }) => {
      const opened: string[] = [];
      Reflect.set(globalThis, "openedLinks", opened);
      shell.openExternal = async (url) => void opened.push(url);
    });
    const asked = [
      "https://supabase.com/dashboard",
      "https://example.com/",
      "http://supabase.com/",
      "https://supabase.com.example.com/",
      "https://user:pass@supabase.com/",
      "file:///etc/passwd",
      "smb://server/share",
      "javascript:alert(1)",
    ];
    for (const url of asked) await page.evaluate((to) => void window.open(to), url);
    await page.evaluate(() => {
      const link = document.createElement("a");
      link.href = "https://example.com/link";
      link.target = "_blank";
      document.body.append(link);
      link.click();
    });
    await page.waitForTimeout(500);
    const opened = await app.evaluate(() => Reflect.get(globalThis, "openedLinks") as string[]);
    expect(opened).toEqual(["https://supabase.com/dashboard"]);
    expect(app.windows()).toHaveLength(1);
  });

  test("16 runs the Electron that is pinned, of a major that is supported", async ({
    openWorkstation,
  }) => {
    const { app } = await openWorkstation();
    const pinned = readJson<{ devDependencies: { electron: string } }>("package.json");
    const running = await app.evaluate(() => process.versions.electron);
    expect(running).toBe(pinned.devDependencies.electron);
    expect(Number(running.split(".")[0])).toBeGreaterThanOrEqual(45);
  });

  test("17 answers only its own pages", async ({ openWorkstation }) => {
    const { app } = await openWorkstation();
    const server = createServer((_request, response) => {
      response.setHeader("content-type", "text/html").end("<title>Foreign</title><h1>Foreign</h1>");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const preload = join(root, "out", "preload", "preload.cjs");
    const opening = app.waitForEvent("window");
    await app.evaluate(
      ({ BrowserWindow }, target) =>
        new BrowserWindow({ webPreferences: { preload: target.preload } }).loadURL(target.url),
      { url, preload },
    );
    const foreign = await opening;
    await foreign.getByRole("heading", { name: "Foreign" }).waitFor();
    const answer = await foreign.evaluate(() =>
      window.consultingRoom?.query("account.current", {}),
    );
    expect(answer).toMatchObject({ ok: false, fault: "refused" });
    server.closeAllConnections();
    server.close();
  });

  test("18 serves pages by its own scheme, and nothing outside the bundle", async ({
    openWorkstation,
  }) => {
    const { app, window: page } = await openWorkstation();
    expect(await mainUrl({ app })).toMatch(/^app:\/\/bundle\//);
    const statuses = await page.evaluate(async () => {
      const paths = [
        "/index.html",
        "/..%2f..%2fpackage.json",
        "/%2e%2e/main/main.js",
        "/..%5c..%5cpackage.json",
        "/assets/missing.js",
      ];
      const all = paths.map((path) => fetch(path).then(({ status }) => status));
      return Promise.all(all);
    });
    expect(statuses).toEqual([200, 404, 404, 404, 404]);
    expect(builtMain()).not.toContain("loadFile(");
  });

  test("19 decides every fuse of the installed app", () => {
    const text = readFileSync(join(root, "electron-builder.yml"), "utf8");
    const fuses = /^electronFuses:\n((?: {2}.*\n)+)/m.exec(text)?.[1] ?? "";
    for (const [fuse, on] of [
      ["runAsNode", false],
      ["enableCookieEncryption", true],
      ["enableNodeOptionsEnvironmentVariable", false],
      ["enableNodeCliInspectArguments", false],
      ["enableEmbeddedAsarIntegrityValidation", true],
      ["onlyLoadAppFromAsar", true],
      ["grantFileProtocolExtraPrivileges", false],
    ] as const) {
      expect(fuses).toContain(`${fuse}: ${on}`);
    }
  });
});

function isInline(url: string): boolean {
  return /^(data|blob):/.test(url);
}

function mainUrl({ app }: Pick<Workstation, "app">): Promise<string> {
  return app.evaluate(
    ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL() ?? "",
  );
}

/** The text of everything that runs in the main process. */
function builtMain(): string {
  const folder = join(root, "out", "main");
  expect(existsSync(folder)).toBe(true);
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".js"))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n");
}

function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(join(root, name), "utf8")) as T;
}
