import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { _electron, type ElectronApplication, type Page } from "@playwright/test";
import { root } from "#tools/launch/root.ts";
import { WorkstationPage } from "./workstation-page.ts";

export type WorkstationOptions = {
  /** Everything that the app writes stays below this folder; give it again to start anew on the same data. */
  folder: string;
  /** The Supabase project, as a clinic's machine has it in its environment. */
  project: { url: string; anonKey: string };
  env?: Record<string, string>;
};

/** The built app, started from `out/` as a person starts it, on Electron or on the Chromium host. */
export class Workstation {
  readonly app: ElectronApplication;
  readonly window: Page;
  readonly screen: WorkstationPage;
  #output: string[];

  private constructor(app: ElectronApplication, window: Page, output: string[]) {
    this.app = app;
    this.window = window;
    this.screen = new WorkstationPage(window);
    this.#output = output;
  }

  static async open({ folder, project, env = {} }: WorkstationOptions): Promise<Workstation> {
    const { userData, temp, keyring } = foldersOf(folder);
    for (const made of [userData, temp, keyring]) mkdirSync(made, { recursive: true });
    const isRoot = process.getuid?.() === 0;
    const app = await _electron.launch({
      args: [
        root,
        `--user-data-dir=${userData}`,
        "--lang=en-US",
        ...(isRoot ? ["--no-sandbox"] : []),
      ],
      cwd: root,
      env: {
        ...(process.env as Record<string, string>),
        TMPDIR: temp,
        TEMP: temp,
        TMP: temp,
        CHROMIUM_HOST_KEYRING_FOLDER: keyring,
        VITE_SUPABASE_URL: project.url,
        VITE_SUPABASE_ANON_KEY: project.anonKey,
        ...env,
      },
      colorScheme: null,
    });
    const output: string[] = [];
    for (const stream of [app.process().stdout, app.process().stderr]) {
      stream?.on("data", (bytes: Buffer) => output.push(bytes.toString()));
    }
    const window = await app.firstWindow();
    await window.waitForURL(/bundle.*\/index\.html/);
    await window.getByRole("heading").first().waitFor();
    return new Workstation(app, window, output);
  }

  /** What the app has printed so far. */
  get output(): string {
    return this.#output.join("");
  }

  async close(): Promise<void> {
    await this.app.close();
  }
}

/** Where one workstation keeps what; the keyring stands for the operating system's and lies apart. */
export function foldersOf(folder: string): { userData: string; temp: string; keyring: string } {
  return {
    userData: join(folder, "user-data"),
    temp: join(folder, "temp"),
    keyring: join(folder, "keyring"),
  };
}
