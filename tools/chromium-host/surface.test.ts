import { describe, expect, it } from "vitest";
import { standIns } from "./electron.ts";
import { Emitter } from "./emitter.ts";
import { findElectronPackage, readSurface } from "./surface.ts";

const surface = readSurface(findElectronPackage() ?? "");
const ends = new Set<object>([Emitter.prototype, Object.prototype, Function.prototype]);
const ofEvery = new Set(["constructor", "length", "name", "prototype", "domain"]);

/** Own and inherited names of a stand-in, down to the event emitter that Electron's have too. */
function memberNames(target: object): string[] {
  const names: string[] = [];
  for (
    let at: object | null = target;
    at && !ends.has(at) && at !== Emitter;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    names.push(...Object.getOwnPropertyNames(at));
  }
  const isClass = typeof target === "function";
  return names.filter(
    (name) => !name.startsWith("_") && !(ofEvery.has(name) && (isClass || name !== "name")),
  );
}

describe("the stand-in's surface", () => {
  it("reads Electron's declarations", () => {
    expect(surface.get("App")?.methods).toContain("requestSingleInstanceLock");
    expect(surface.get("BrowserWindow")?.statics).toContain("getAllWindows");
    expect(surface.get("BrowserWindow")?.instance).toContain("webContents");
  });

  it.each(standIns.map(({ name, target, members }) => ({ name, target, members })))(
    "$name ($members) invents no member",
    ({ name, target, members }) => {
      const known = surface.get(name);
      expect(known).toBeDefined();
      const invented = memberNames(target).filter((member) => !known?.[members].has(member));
      expect(invented).toEqual([]);
      expect(memberNames(target).length).toBeGreaterThan(0);
    },
  );

  it.each(standIns)("$name ($members) answers every method of Electron", (standIn) => {
    const known = surface.get(standIn.name);
    const methods = [...(known?.[standIn.members] ?? [])].filter((m) => known?.methods.has(m));
    const missing = methods.filter((method) => !(method in standIn.target));
    expect(missing).toEqual([]);
  });

  it("says clearly what it does not do", () => {
    const shared = standIns.find(({ name }) => name === "App")?.target as {
      importCertificate(): void;
    };
    expect(() => shared.importCertificate()).toThrow(
      "chromium-host: App.importCertificate is not implemented; it needs real Electron",
    );
  });
});
