import { mkdirSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { host } from "./host.ts";

const overrides = new Map<string, string>();

/** Electron's well-known folders, made where they are missing. */
export function getPath(name: string): string {
  const override = overrides.get(name);
  if (override !== undefined) return override;
  const home = homedir();
  switch (name) {
    case "home":
      return home;
    case "appData":
      return process.env.XDG_CONFIG_HOME ?? join(home, ".config");
    case "userData":
      return made(host.switches.get("user-data-dir") ?? join(getPath("appData"), appName()));
    case "sessionData":
      return getPath("userData");
    case "logs":
      return made(join(getPath("userData"), "logs"));
    case "crashDumps":
      return made(join(getPath("userData"), "Crashpad"));
    case "temp":
      return tmpdir();
    case "exe":
      return process.argv[0] ?? process.execPath;
    case "desktop":
    case "documents":
    case "downloads":
    case "music":
    case "pictures":
    case "videos":
      return join(home, `${name.charAt(0).toUpperCase()}${name.slice(1)}`);
    default:
      throw new Error(`Failed to get '${name}' path`);
  }
}

export function setPath(name: string, path: string): void {
  getPath(name); // refuses an unknown name
  overrides.set(name, path);
}

let givenName: string | null = null;

export function appName(): string {
  return givenName ?? host.manifest.productName ?? host.manifest.name ?? "Electron";
}

export function setAppName(name: string): void {
  givenName = name;
}

function made(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return folder;
}
