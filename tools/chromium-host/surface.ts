import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { join, dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { unsupported } from "./host.ts";

/** Member names of one class or interface of Electron. */
export type Members = { instance: Set<string>; statics: Set<string>; methods: Set<string> };
export type Surface = Map<string, Members>;

/** Where Electron's package lies, seen from the app; null without one. */
export function findElectronPackage(): string | null {
  const file = findPackageJSON("electron", pathToFileURL(join(process.cwd(), "app.js")));
  return file ? dirname(file) : null;
}

/** Reads the names of Electron's API from the declarations that its package carries. */
export function readSurface(electronPackage: string): Surface {
  const surface: Surface = new Map();
  let current: Members | null = null;
  for (const line of readFileSync(join(electronPackage, "electron.d.ts"), "utf8").split("\n")) {
    const opened = /^ {2}(?:class|interface) (\w+)/.exec(line);
    if (opened?.[1]) {
      const name = opened[1];
      current = surface.get(name) ?? {
        instance: new Set(),
        statics: new Set(),
        methods: new Set(),
      };
      surface.set(name, current);
    } else if (/^ {2}\}/.test(line)) {
      current = null;
    }
    const member = /^ {4}(static )?(?:readonly )?(\w+)\??(\(|<|:)/.exec(line);
    if (!current || !member?.[2] || member[2] === "constructor") continue;
    (member[1] ? current.statics : current.instance).add(member[2]);
    if (member[3] !== ":") current.methods.add(member[2]);
  }
  return surface;
}

/** Gives every method that Electron has and the stand-in lacks a body that says so. */
export function refuseMissing(target: object, name: string, names: Iterable<string>): void {
  for (const member of names) {
    if (member in target) continue;
    Object.defineProperty(target, member, {
      value: unsupported(`${name}.${member}`),
      writable: true,
      configurable: true,
    });
  }
}
