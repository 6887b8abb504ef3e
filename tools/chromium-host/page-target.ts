import { spawn } from "node:child_process";
import { baseSwitches } from "./chromium.ts";
import { host } from "./host.ts";
import type { Bounds } from "./page.ts";
import { blankWindowUrl } from "./scheme-url.ts";

let lastOpened: Promise<unknown> = Promise.resolve();

/** Opens a window in Chromium and returns its target id. */
export function openTarget(windowId: number, bounds: Bounds): Promise<string> {
  if (host.headless) return openHeadless(bounds);
  // One after another: the windows are told apart by their address as they appear.
  const opened = lastOpened.then(() => openAppWindow(windowId));
  lastOpened = opened.catch(() => undefined);
  return opened;
}

async function openHeadless(bounds: Bounds): Promise<string> {
  const { targetId } = await host.browser.connection.browser.send("Target.createTarget", {
    url: "about:blank",
    newWindow: true,
    width: bounds.width,
    height: bounds.height,
    left: bounds.x,
    top: bounds.y,
  });
  return targetId;
}

/**
 * A window without tab strip or address bar: only a second invocation of Chromium makes one,
 * which the running instance takes over.
 */
function openAppWindow(windowId: number): Promise<string> {
  const { connection, profile } = host.browser;
  const url = blankWindowUrl(windowId);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const onTarget = ({
    targetInfo,
  }: {
    targetInfo: { type: string; url: string; targetId: string };
  }) => {
    if (targetInfo.type === "page" && targetInfo.url === url) resolve(targetInfo.targetId);
  };
  connection.browser.on("Target.targetCreated", onTarget);
  connection.browser.on("Target.targetInfoChanged", onTarget);
  const opener = spawn(
    host.executable,
    [...baseSwitches, `--user-data-dir=${profile}`, `--app=${url}`],
    { stdio: "ignore" },
  );
  opener.on("error", reject);
  const timer = setTimeout(() => reject(new Error("Chromium opened no window")), 30_000);
  return promise.finally(() => {
    clearTimeout(timer);
    connection.browser.off("Target.targetCreated", onTarget);
    connection.browser.off("Target.targetInfoChanged", onTarget);
  });
}
