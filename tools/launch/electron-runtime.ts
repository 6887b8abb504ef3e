import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { root } from "./root.ts";

/** What the built app runs on: Electron itself, or the Chromium host where its binary cannot be had. */
export type ElectronRuntime = {
  kind: "electron" | "chromium-host";
  /** Why the host stands in; null on real Electron. */
  why: string | null;
  /** What a process needs in its environment so that `require("electron")` finds the runtime. */
  env: Record<string, string>;
};

const RETRY_DOWNLOAD_AFTER_MS = 24 * 60 * 60 * 1000;
const DOWNLOAD_TIMEOUT_MS = 120_000;

/**
 * Finds the runtime, downloading Electron's binary once where that works.
 * A failed download is remembered for a day, so that the next start is fast;
 * `CONSULTING_ROOM_RUNTIME=electron` or `=chromium-host` decides by hand.
 */
export function findElectronRuntime(): ElectronRuntime {
  const wanted = process.env.CONSULTING_ROOM_RUNTIME;
  if (wanted === "chromium-host") return chromiumHost("asked for by CONSULTING_ROOM_RUNTIME");
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (given) {
    return { kind: "electron", why: null, env: { ELECTRON_OVERRIDE_DIST_PATH: given } };
  }
  if (hasBinary()) return { kind: "electron", why: null, env: {} };
  const failure = wanted === "electron" ? null : recentFailure();
  if (!failure && download()) return { kind: "electron", why: null, env: {} };
  if (wanted === "electron") {
    throw new Error(
      "Electron's binary could not be downloaded. Check the network or proxy, or set ELECTRON_MIRROR.",
    );
  }
  return chromiumHost("Electron's own binary cannot be downloaded on this network");
}

function chromiumHost(why: string): ElectronRuntime {
  const folder = join(root, "tools", "chromium-host");
  return { kind: "chromium-host", why, env: { ELECTRON_OVERRIDE_DIST_PATH: folder } };
}

const packageFolder = () =>
  dirname(createRequire(import.meta.url).resolve("electron/package.json"));

function hasBinary(): boolean {
  const pathFile = join(packageFolder(), "path.txt");
  return (
    existsSync(pathFile) &&
    existsSync(join(packageFolder(), "dist", readFileSync(pathFile, "utf8").trim()))
  );
}

const failureFile = () => join(root, "node_modules", ".cache", "electron-download-failed");

function recentFailure(): boolean {
  if (!existsSync(failureFile())) return false;
  return Date.now() - Number(readFileSync(failureFile(), "utf8")) < RETRY_DOWNLOAD_AFTER_MS;
}

function download(): boolean {
  console.log("Looking for Electron's own binary (about 100 MB, once) …");
  const run = spawnSync(process.execPath, [join(packageFolder(), "install.js")], {
    stdio: "ignore",
    timeout: DOWNLOAD_TIMEOUT_MS,
  });
  if (run.status === 0 && hasBinary()) {
    rmSync(failureFile(), { force: true });
    return true;
  }
  mkdirSync(dirname(failureFile()), { recursive: true });
  writeFileSync(failureFile(), String(Date.now()));
  return false;
}
