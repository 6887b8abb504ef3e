import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { _electron, type ElectronApplication, type Page } from "@playwright/test";

export const fixture = join(import.meta.dirname, "fixture");
export const executable = join(import.meta.dirname, "electron");

export type Running = {
  app: ElectronApplication;
  page: Page;
  folder: string;
  output: () => string;
};
type Options = { folder?: string; env?: Record<string, string>; args?: string[] };

// Playwright finds the executable as any user of the `electron` package does.
process.env.ELECTRON_OVERRIDE_DIST_PATH = import.meta.dirname;

export function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), "chromium-host-"));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Launches the fixture app through Playwright. `env` replaces DISPLAY's absence or the keyring. */
export async function launchFixture(options: Options = {}): Promise<Running> {
  const { folder = makeFolder(), env = {}, args = [] } = options;
  const { DISPLAY: _display, ...inherited } = process.env as Record<string, string>;
  const app = await _electron.launch({
    args: [fixture, `--user-data-dir=${folder}`, "--use-fake-device-for-media-stream", ...args],
    env: { ...inherited, CHROMIUM_HOST_KEYRING_FOLDER: `${folder}-keyring`, ...env },
    colorScheme: null,
  });
  let output = "";
  app.process().stderr?.on("data", (bytes) => (output += bytes));
  const page = await app.firstWindow();
  await page.getByRole("heading", { name: "Fixture" }).waitFor();
  return { app, page, folder, output: () => output };
}
