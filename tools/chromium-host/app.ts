import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { appName, getPath, setAppName, setPath } from "./app-paths.ts";
import { closeWindow } from "./browser-window.ts";
import { ask, createEvent, Emitter } from "./emitter.ts";
import { host } from "./host.ts";
import { hasLock, releaseLock, requestLock } from "./single-instance.ts";
import { windows } from "./windows.ts";

const commandLine = {
  appendSwitch(name: string, value = ""): void {
    const before = host.switches.get(name);
    const isList = /^(enable|disable)-features$/.test(name);
    host.switches.set(name, isList && before ? `${before},${value}` : value);
  },
  hasSwitch: (name: string): boolean => host.switches.has(name),
  getSwitchValue: (name: string): string => host.switches.get(name) ?? "",
  removeSwitch: (name: string): void => void host.switches.delete(name),
};

/** Electron's `app`. */
export class App extends Emitter {
  readonly commandLine = commandLine;
  readonly isPackaged = false;
  readonly getPath = getPath;
  readonly setPath = setPath;
  readonly getName = appName;
  readonly setName = setAppName;
  #relaunch: { args?: string[]; execPath?: string } | null = null;

  get name(): string {
    return appName();
  }

  set name(name: string) {
    setAppName(name);
  }

  getVersion(): string {
    return host.manifest.version ?? process.versions.electron ?? "0.0.0";
  }

  getAppPath(): string {
    return host.appPath;
  }

  whenReady(): Promise<void> {
    return host.ready.promise;
  }

  isReady(): boolean {
    return host.isReady;
  }

  getLocale(): string {
    return host.switches.get("lang") ?? "en-US";
  }

  getSystemLocale(): string {
    return this.getLocale();
  }

  getPreferredSystemLanguages(): string[] {
    return [this.getLocale()];
  }

  getLocaleCountryCode(): string {
    return new Intl.Locale(this.getLocale()).region ?? "";
  }

  requestSingleInstanceLock(additionalData?: unknown): boolean {
    return requestLock(getPath("userData"), additionalData, async (second) => {
      await host.ready.promise;
      const { argv, cwd, additionalData: data } = second;
      this.emit("second-instance", createEvent({}), argv, cwd, data);
    });
  }

  hasSingleInstanceLock(): boolean {
    return hasLock();
  }

  releaseSingleInstanceLock(): void {
    releaseLock();
  }

  relaunch(options: { args?: string[]; execPath?: string } = {}): void {
    this.#relaunch = options;
  }

  quit(): void {
    void this.#quit();
  }

  async #quit(): Promise<void> {
    if (host.quitting) return;
    host.quitting = true;
    host.quitting = await this.#mayQuit();
    if (host.quitting) this.exit(0);
  }

  async #mayQuit(): Promise<boolean> {
    if (!ask(this, "before-quit")) return false;
    for (const { window } of [...windows.all.values()].toReversed()) {
      if (!(await closeWindow(window))) return false;
    }
    return ask(this, "will-quit");
  }

  exit(code = 0): void {
    host.quitting = true;
    void this.#exit(code);
  }

  async #exit(code: number): Promise<void> {
    this.emit("quit", createEvent({}), code);
    for (const task of host.exitTasks) await task();
    await stopChromium();
    if (this.#relaunch) {
      const { execPath = process.argv[0] ?? "", args = process.argv.slice(1) } = this.#relaunch;
      spawn(execPath, args, { detached: true, stdio: "ignore" }).unref();
    }
    process.exit(code);
  }

  /** There are no windows of other apps to come in front of. */
  focus(): void {}

  // Registrations with the desktop: accepted, and seen on real Electron alone.
  setAsDefaultProtocolClient(): boolean {
    return true;
  }

  isDefaultProtocolClient(): boolean {
    return false;
  }

  setAppUserModelId(): void {}
  setAboutPanelOptions(): void {}

  setBadgeCount(): boolean {
    return true;
  }

  /** Every window is sandboxed as it is. */
  enableSandbox(): void {}

  /** The host never uses the graphics card. */
  disableHardwareAcceleration(): void {}
}

export const app = new App();

async function stopChromium(): Promise<void> {
  const browser = host.findBrowser();
  if (!browser || browser.connection.closed) return;
  const gone = browser.process.exitCode === null ? once(browser.process, "exit") : null;
  browser.connection.browser.send("Browser.close").catch(() => undefined); // it closes the pipe
  await Promise.race([gone, delay(3000)]);
}
