import { resolve } from "node:path";
import { root } from "#tools/launch/root.ts";

const host = resolve(root, "tools", "chromium-host");

/** Whether the app runs on Electron itself, and not on the Chromium host. */
export function isRealElectron(): boolean {
  return resolve(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? "") !== host;
}

export const needsRealElectron =
  "needs Electron's own binary, which cannot be downloaded on this network";
