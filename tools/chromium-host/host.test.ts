import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { FixtureApi } from "./fixture/api.ts";
import { executable, fixture, launchFixture, removeFolder, type Running } from "./testing.ts";

// A busy machine takes its time to start a browser.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

/** What `window.api.invoke` answers, or the message of its error. */
async function invoke(running: Running, channel: string, ...args: unknown[]): Promise<unknown> {
  return running.page.evaluate(
    ([name, given]) =>
      window.api.invoke(name, ...given).catch((error: Error) => `error: ${error.message}`),
    [channel, args] as const,
  );
}

describe.each([["headless"], ["headed"]])("the host, %s", (mode) => {
  let running: Running;
  let stopDisplay = () => {};

  beforeAll(async () => {
    const env: Record<string, string> = {};
    if (mode === "headed") {
      const display = await startDisplay();
      stopDisplay = display.stop;
      env.DISPLAY = display.name;
    }
    running = await launchFixture({ env });
  });
  afterAll(async () => {
    await running.app.close();
    stopDisplay();
    removeFolder(running.folder);
    removeFolder(`${running.folder}-keyring`);
  });

  it("shows a window of the asked size from the app's own scheme", async () => {
    const { page, app } = running;
    await expect.poll(() => page.evaluate(() => [innerWidth, innerHeight])).toEqual([900, 640]);
    const url = await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.getURL(),
    );
    expect(url).toBe("app://bundle/index.html");
    expect(await invoke(running, "sender")).toBe("app://bundle/index.html");
    const png = await app.evaluate(async ({ BrowserWindow }) => {
      const image = await BrowserWindow.getAllWindows()[0]?.webContents.capturePage();
      return image?.toPNG().toString("latin1").slice(1, 4);
    });
    expect(png).toBe("PNG");
  });

  it("pushes events whose values keep their types", async () => {
    const { page } = running;
    await page.getByRole("button", { name: "Start ticks" }).click();
    await page.getByText("3 Date", { exact: true }).waitFor();
    expect(await page.getByRole("listitem").allTextContents()).toEqual([
      "1 Date",
      "2 Date",
      "3 Date",
    ]);
  });

  it("isolates the preload and freezes what it exposes", async () => {
    const seen = await running.page.evaluate(() => {
      const thrown = (run: () => unknown) => {
        try {
          return run();
        } catch (error) {
          return (error as Error).message;
        }
      };
      return {
        leaks: ["preloadSecret", "require", "process", "hostSend"].filter((name) => name in window),
        frozen: Object.isFrozen(window.api),
        replaced: Reflect.set(window, "api", {}),
        sum: window.api.sum(2, 3),
        thrown: thrown(() => window.api.fail()),
        fs: window.api.requireFs(),
        platform: window.api.platform,
      };
    });
    expect(seen).toEqual({
      leaks: [],
      frozen: true,
      replaced: false,
      sum: 5,
      thrown: "from the preload",
      fs: "module not found: node:fs",
      platform: process.platform,
    });
  });

  it("carries structured clones and refuses the rest", async () => {
    const seen = await running.page.evaluate(async () => {
      const echo = (value: unknown) => window.api.invoke("echo", value);
      const refused = (run: () => Promise<unknown>) =>
        Promise.resolve()
          .then(run)
          .then(
            () => "went through",
            (error: Error) => error.message,
          );
      const cyclic: Record<string, unknown> = { date: new Date(7), map: new Map([[1, 10n]]) };
      cyclic.self = cyclic;
      const copy = (await echo(cyclic)) as typeof cyclic;
      return {
        kept: [copy.self === copy, copy.date instanceof Date, copy.map instanceof Map],
        function: await refused(() => echo(() => 1)),
        node: await refused(() => echo(document.body)),
        answer: await refused(() => window.api.invoke("function")),
      };
    });
    expect(seen.kept).toEqual([true, true, true]);
    for (const message of [seen.function, seen.answer])
      expect(message).toContain("could not be cloned");
    expect(seen.node).toBe("DOM nodes do not cross contextBridge here");
  });

  it("words the errors of invoke as Electron does", async () => {
    expect(await invoke(running, "fail")).toBe(
      "error: Error invoking remote method 'fail': TypeError: boom",
    );
    expect(await invoke(running, "missing")).toBe(
      "error: Error invoking remote method 'missing': Error: No handler registered for 'missing'",
    );
  });

  it("holds the content security policy in a secure context", async () => {
    const seen = await running.page.evaluate(async () => {
      // Playwright lifts the policy for the tick in which it evaluates.
      await new Promise((done) => setTimeout(done));
      const name = (error: Error) => error.name;
      const connect = await fetch("http://127.0.0.1:9/").then(() => "went through", name);
      let evaluated = "went through";
      try {
        new Function("return 1")();
      } catch (error) {
        evaluated = (error as Error).name;
      }
      return [isSecureContext, typeof crypto.subtle, evaluated, connect];
    });
    expect(seen).toEqual([true, "object", "EvalError", "TypeError"]);
  });

  it("asks the app before a window opens or the page navigates away", async () => {
    const { page, app } = running;
    await page.getByRole("link", { name: "External link" }).click();
    expect(await page.evaluate(() => window.open("https://example.invalid/2"))).toBeNull();
    await page.evaluate(() => void (location.href = "https://example.invalid/3"));
    await delay(300);
    expect(page.url()).toContain("bundle");
    expect(app.windows()).toHaveLength(1);
    expect(await invoke(running, "state")).toMatchObject({
      opened: ["https://example.invalid/docs", "https://example.invalid/2"],
    });
  });

  it("asks the app before it gives a device", async () => {
    const ask = (video: boolean) =>
      running.page.evaluate(
        (camera) =>
          navigator.mediaDevices.getUserMedia({ video: camera, audio: !camera }).then(
            (stream) => stream.getTracks().map((track) => track.kind),
            (error: Error) => error.name,
          ),
        video,
      );
    expect(await ask(true)).toEqual(["video"]);
    await running.app.evaluate(({ session }) => {
      session.defaultSession.setPermissionRequestHandler((_contents, _name, answer) =>
        answer(false),
      );
    });
    expect(await ask(false)).toBe("NotAllowedError");
    expect(await invoke(running, "state")).toMatchObject({ asked: ["media"] });
  });

  it("lets a test answer a dialog, click a menu and change the theme", async () => {
    const { page, app } = running;
    expect(await invoke(running, "pick")).toEqual([]);
    await app.evaluate(({ dialog }) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: ["/x"] });
    });
    expect(await invoke(running, "pick")).toEqual(["/x"]);
    expect(await invoke(running, "theme", "dark")).toBe(true);
    const isDark = () => page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
    await expect.poll(isDark).toBe(true);
    const opening = app.waitForEvent("window");
    await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById("new")?.click());
    const second = await opening;
    await second.getByRole("heading", { name: "Fixture" }).waitFor();
    const window = await app.browserWindow(second);
    await window.evaluate((w) => {
      w.once("close", (event: Electron.Event) => event.preventDefault());
      w.close();
    });
    await delay(200);
    expect(app.windows()).toHaveLength(2); // the app's veto held
    await window.evaluate((w) => w.close());
    await expect.poll(() => app.windows().length).toBe(1);
  });

  it("lets the app change the headers of a real server", async () => {
    const server = createServer((_request, response) => response.end("<title>other</title>"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const { app, page } = running;
    await app.evaluate(
      ({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.loadURL(to),
      url,
    );
    await page.waitForURL(url);
    const header = await page.evaluate(async () => (await fetch("/x")).headers.get("x-from-main"));
    server.closeAllConnections();
    server.close();
    expect(header).toBe("yes");
  });
});

describe("the host's process", () => {
  it("forwards a second instance and keeps data over a restart", async () => {
    const first = await launchFixture();
    const { folder } = first;
    const second = spawn(executable, [fixture, `--user-data-dir=${folder}`, "fixture://join/42"]);
    expect((await once(second, "exit"))[0]).toBe(0);
    await expect.poll(() => invoke(first, "state")).toMatchObject({ links: ["fixture://join/42"] });
    await first.page.evaluate(() => localStorage.setItem("kept", "yes"));
    await delay(300); // Chromium writes it to disk behind the page's back
    await first.app.close();
    const again = await launchFixture({ folder });
    expect(await again.page.evaluate(() => localStorage.getItem("kept"))).toBe("yes");
    await again.app.close();
    removeFolder(folder);
    removeFolder(`${folder}-keyring`);
  });

  it("keeps nothing that is typed into a form, as Electron does not", async () => {
    const { app, page, folder } = await launchFixture();
    await page.evaluate(() => {
      document.body.innerHTML =
        "<form onsubmit='return false'><input name='email' autocomplete='email'>" +
        "<textarea></textarea><button>Send</button></form>";
    });
    await page.locator("input").pressSequentially("heron@violet.example");
    await page.locator("textarea").pressSequentially("the violet heron");
    await page.getByRole("button", { name: "Send" }).click();
    await page.reload(); // leaves the form behind in the history
    await delay(1000);
    await app.close();
    const texts = ["heron@violet.example", "the violet heron"];
    const traces = texts.flatMap((text) => [Buffer.from(text), Buffer.from(text, "utf16le")]);
    expect(traces.flatMap((bytes) => findBytes(folder, bytes))).toEqual([]);
    removeFolder(folder);
    removeFolder(`${folder}-keyring`);
  });

  it("takes Chromium with it when it is killed", async () => {
    const { app, folder } = await launchFixture();
    const chromium = await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
    );
    const isRunning = () => existsSync(`/proc/${chromium}`) && !isZombie(chromium ?? 0);
    expect(isRunning()).toBe(true);
    app.process().kill("SIGKILL");
    await expect.poll(isRunning, { timeout: 3000 }).toBe(false);
    removeFolder(folder);
  });

  it.each(["sandbox: false", "contextIsolation: false", "nodeIntegration: true"])(
    "refuses a window with %s",
    async (preference) => {
      const { app, folder } = await launchFixture();
      const [name = "", value] = preference.split(": ");
      const message = await app.evaluate(
        ({ BrowserWindow }, webPreferences) => {
          try {
            return `made ${new BrowserWindow({ webPreferences }).id}`;
          } catch (error) {
            return (error as Error).message;
          }
        },
        { [name]: value === "true" },
      );
      await app.close();
      removeFolder(folder);
      expect(message).toContain("only sandboxed, isolated windows without Node");
    },
  );
});

describe("the host's keyring", () => {
  const use = async (keyring: string, run: (running: Running) => Promise<void>) => {
    const running = await launchFixture({ env: { CHROMIUM_HOST_KEYRING: keyring } });
    await run(running).finally(() => running.app.close());
    removeFolder(running.folder);
    removeFolder(`${running.folder}-keyring`);
  };

  it("keeps its key outside user data", () =>
    use("gnome_libsecret", async (running) => {
      const state = { available: true, backend: "gnome_libsecret" };
      expect(await invoke(running, "keyring")).toEqual(state);
      const encrypted = await invoke(running, "encrypt", "pässword");
      expect(await invoke(running, "decrypt", encrypted)).toBe("pässword");
      const keyrings = `${running.folder}-keyring`;
      const key = readFileSync(join(keyrings, readdirSync(keyrings)[0] ?? ""));
      expect(findBytes(keyrings, key)).toHaveLength(1);
      expect(findBytes(running.folder, key)).toEqual([]);
    }));

  it.each([
    { keyring: "basic_text", backend: "basic_text" },
    { keyring: "unavailable", backend: "unknown" },
  ])("encrypts nothing as $keyring", ({ keyring, backend }) =>
    use(keyring, async (running) => {
      expect(await invoke(running, "keyring")).toEqual({ available: false, backend });
      const answer = await invoke(running, "encrypt", "pässword");
      expect(answer).toContain("Encryption is not available");
    }),
  );
});

/** The files below a folder that hold these bytes. */
function findBytes(folder: string, bytes: Buffer): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(bytes));
}

function isZombie(pid: number): boolean {
  return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}

async function startDisplay(): Promise<{ name: string; stop: () => void }> {
  const display = spawn(
    "Xvfb",
    ["-displayfd", "3", "-screen", "0", "1400x900x24", "-nolisten", "tcp"],
    {
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    },
  );
  const [bytes] = (await once(display.stdio[3] as NodeJS.ReadableStream, "data")) as [Buffer];
  return { name: `:${bytes.toString().trim()}`, stop: () => void display.kill() };
}

declare global {
  interface Window {
    api: FixtureApi;
  }
}
