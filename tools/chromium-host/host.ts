import type { ChildProcess } from "node:child_process";
import type { CdpConnection } from "./cdp.ts";

export type SchemePrivileges = { standard?: boolean; secure?: boolean };
export type SchemeHandler = (request: Request) => Response | Promise<Response>;

type Browser = {
  process: ChildProcess;
  connection: CdpConnection;
  profile: string;
};

/** The one process-wide state of the host. */
class Host {
  readonly executable = process.env.CHROMIUM_HOST_BROWSER ?? "/usr/bin/chromium";
  readonly headless = !process.env.DISPLAY;
  readonly debug = process.env.CHROMIUM_HOST_DEBUG !== undefined;
  readonly switches = new Map<string, string>();
  readonly schemes = new Map<string, SchemePrivileges>();
  readonly schemeHandlers = new Map<string, SchemeHandler>();
  readonly ready = Promise.withResolvers<void>();
  isReady = false;
  quitting = false;
  appPath = process.cwd();
  manifest: { name?: string; productName?: string; version?: string } = {};
  /** Runs at exit, before Chromium is closed. */
  readonly exitTasks: (() => void | Promise<void>)[] = [];
  #browser: Browser | null = null;

  get browser(): Browser {
    if (!this.#browser) throw new Error("chromium-host: Chromium has not been started");
    return this.#browser;
  }

  findBrowser(): Browser | null {
    return this.#browser;
  }

  setBrowser(browser: Browser): void {
    this.#browser = browser;
  }
}

export const host = new Host();

/** Refuses what only a real Electron can do. */
export function unsupported(name: string): () => never {
  return () => {
    throw new Error(`chromium-host: ${name} is not implemented; it needs real Electron`);
  };
}
