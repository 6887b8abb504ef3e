import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { CdpConnection } from "./cdp.ts";
import { host } from "./host.ts";
import { startSchemeServer } from "./scheme-server.ts";

/** Of the app's own switches these are Electron's, or would open Chromium to the outside. */
const notPassedOn = new Set(["inspect", "user-data-dir", "no-sandbox", "headless"]);

/** Always given: a quiet, private Chromium that talks to nobody, and runs as root in a container. */
export const baseSwitches = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--no-default-browser-check",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-search-engine-choice-screen",
  "--disable-sync",
  "--disable-breakpad",
  "--password-store=basic",
  "--test-type",
];

const windowSwitches = [
  "--no-startup-window",
  "--remote-debugging-pipe",
  "--autoplay-policy=no-user-gesture-required",
  "--allow-file-access-from-files",
  "--auto-select-desktop-capture-source=Entire screen",
  "--auto-accept-this-tab-capture",
  "--disable-background-timer-throttling",
  "--disable-renderer-backgrounding",
  "--disable-backgrounding-occluded-windows",
];

/** Starts Chromium with its profile inside `sessionData`, as Electron keeps it. */
export async function startChromium(sessionData: string): Promise<void> {
  const port = await startSchemeServer();
  const maps = ["host", ...host.schemes.keys()].map(
    (s) => `MAP *.${s}.localhost 127.0.0.1:${port}`,
  );
  const loopback = ["EXCLUDE 127.0.0.1", "EXCLUDE localhost", "EXCLUDE *.local"];
  const rules = [...maps, "MAP * ~NOTFOUND", ...loopback].join(", ");
  const profile = join(sessionData, "chromium");
  prepareProfile(profile);
  const own = [...host.switches]
    .filter(([name]) => !notPassedOn.has(name))
    .map(([name, value]) => (value === "" ? `--${name}` : `--${name}=${value}`));
  const child = spawn(
    host.executable,
    [
      ...baseSwitches,
      ...windowSwitches,
      `--host-resolver-rules=${rules}`,
      `--user-data-dir=${profile}`,
      ...(host.headless ? ["--headless=new"] : []),
      ...own,
    ],
    { stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"] },
  );
  forwardDevToolsLine(child);
  const [, , , write, read] = child.stdio;
  const connection = new CdpConnection(write as Writable, read as Readable);
  host.setBrowser({ process: child, connection, profile });
  child.on("error", (error) => {
    console.error(`chromium-host: cannot run ${host.executable}: ${error.message}`);
    process.exit(1);
  });
  connection.on("close", () => {
    if (!host.quitting) process.exit(1);
  });
  const { product } = await connection.browser.send("Browser.getVersion");
  Object.assign(process.versions, { chrome: product.split("/")[1] });
  await connection.browser.send("Target.setDiscoverTargets", { discover: true });
}

/**
 * Takes from Chromium what Electron does not have: what is typed into a form is kept neither for
 * restoring a tab (its folders cannot be made where files lie) nor for filling in forms.
 */
function prepareProfile(profile: string): void {
  const folder = join(profile, "Default");
  const preferences = join(folder, "Preferences");
  if (existsSync(preferences)) return;
  mkdirSync(folder, { recursive: true });
  for (const name of ["Sessions", "Sessions_Encrypted"]) writeFileSync(join(folder, name), "");
  const settings = {
    autofill: { enabled: false, profile_enabled: false, credit_card_enabled: false },
    credentials_enable_service: false,
    profile: { password_manager_enabled: false },
  };
  writeFileSync(preferences, JSON.stringify(settings));
}

/** Playwright waits for this line on the app's own stderr. */
function forwardDevToolsLine(child: ChildProcess): void {
  if (!child.stderr) return;
  createInterface({ input: child.stderr }).on("line", (line) => {
    if (line.startsWith("DevTools listening on ws:")) process.stderr.write(`${line}\n`);
    else if (host.debug) process.stderr.write(`[chromium] ${line}\n`);
  });
}
