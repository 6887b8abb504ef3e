import { existsSync, readFileSync, statSync } from "node:fs";
import { open } from "node:inspector";
import { createRequire, registerHooks } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { getPath } from "./app-paths.ts";
import { startChromium } from "./chromium.ts";
import { createEvent } from "./emitter.ts";
import { host } from "./host.ts";
import { findElectronPackage } from "./surface.ts";
import { findByTarget } from "./windows.ts";

/** Runs `electron [-r file] [--switches] <folder or file> [arguments]` under plain Node. */

const standIn = new URL("./electron.ts", import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    /^electron(\/(main|common))?$/.test(specifier)
      ? { url: standIn, format: "module-typescript", shortCircuit: true }
      : next(specifier, context),
});

const args = process.argv.slice(2);
const wanted = parseArguments(args);
const appEntry = findApp(resolve(wanted.entry));
presentAsElectron();
process.argv = [join(import.meta.dirname, "electron"), ...args];

const { app } = await import("./app.ts");
const { forgetWindow } = await import("./browser-window.ts");
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => app.quit());
process.on("unhandledRejection", (error) => {
  // Electron warns and goes on, unless the app listens itself.
  if (process.listenerCount("unhandledRejection") > 1) return;
  console.error("UnhandledPromiseRejectionWarning:", error);
});

try {
  const require = createRequire(appEntry);
  for (const module of wanted.modules) require(resolve(module));
  if (isModule(appEntry)) await import(pathToFileURL(appEntry).href);
  else require(appEntry);
  if (!host.quitting) await start();
} catch (error) {
  console.error("App threw an error during load\n", error);
  process.exit(1);
}

async function start(): Promise<void> {
  await startChromium(getPath("sessionData"));
  const { browser } = host.browser.connection;
  browser.on("Target.targetDestroyed", ({ targetId }) => {
    const gone = findByTarget(targetId);
    if (gone) forgetWindow(gone.window.id);
  });
  browser.on("Target.targetCreated", ({ targetInfo }) => {
    const { type, openerId, targetId } = targetInfo;
    // Nothing opens beside setWindowOpenHandler.
    if (type !== "page" || !openerId || !findByTarget(openerId)) return;
    browser.send("Target.closeTarget", { targetId }).catch(() => undefined); // gone by itself
  });
  host.isReady = true;
  app.emit("ready", createEvent({}), {});
  host.ready.resolve();
}

function parseArguments(all: string[]): { entry: string; modules: string[] } {
  let entry: string | null = null;
  const modules: string[] = [];
  for (let i = 0; i < all.length; i++) {
    const arg = all[i] ?? "";
    const [, name, value = ""] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (entry === null && (arg === "-r" || arg === "--require")) modules.push(all[++i] ?? "");
    else if (name === undefined) entry ??= arg;
    else if (name !== "inspect" && name !== "inspect-brk") host.switches.set(name, value);
    else if (entry === null) open(Number(value || 9229), "127.0.0.1", name === "inspect-brk");
  }
  return { entry: entry ?? ".", modules };
}

/** Finds the app's folder and manifest; returns the file to run. */
function findApp(given: string): string {
  const isFolder = statSync(given).isDirectory();
  let folder = isFolder ? given : dirname(given);
  while (!existsSync(join(folder, "package.json")) && folder !== dirname(folder)) {
    folder = dirname(folder);
  }
  const text = readFileSync(join(folder, "package.json"), "utf8");
  const manifest = JSON.parse(text) as typeof host.manifest & { main?: string };
  host.appPath = folder;
  host.manifest = manifest;
  return isFolder ? resolve(folder, manifest.main ?? "index.js") : given;
}

function isModule(file: string): boolean {
  const { type } = host.manifest as { type?: string };
  return file.endsWith(".mjs") || (type === "module" && !file.endsWith(".cjs"));
}

function presentAsElectron(): void {
  const electronPackage = findElectronPackage();
  const manifest = electronPackage && readFileSync(join(electronPackage, "package.json"), "utf8");
  const { version } = JSON.parse(manifest ?? '{"version":"0.0.0"}') as { version: string };
  for (const [name, value] of Object.entries({ electron: version, chrome: "0.0.0.0" })) {
    Object.defineProperty(process.versions, name, { value, writable: true, enumerable: true });
  }
  Object.assign(process, {
    type: "browser",
    defaultApp: true,
    resourcesPath: join(import.meta.dirname, "resources"),
  });
}
