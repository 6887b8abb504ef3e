import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as channels from "./channels.ts";

const preload = readFileSync(new URL("../preload.ts", import.meta.url), "utf8");

describe("preload", () => {
  it("speaks on the bridge's channels and on no others", () => {
    const named = [...preload.matchAll(/^const (\w+_CHANNEL) = "([^"]+)";$/gm)].map(
      ([, name, channel]) => [name, channel],
    );
    expect(Object.fromEntries(named)).toEqual({ ...channels });
    const used = [...preload.matchAll(/ipcRenderer\s*\.(\w+)\(\s*([^,)]+)/g)].map(
      ([, , arg]) => arg,
    );
    expect(used.length).toBeGreaterThan(3);
    expect(used.filter((arg) => !arg?.endsWith("_CHANNEL"))).toEqual([]);
  });

  it("imports types only, besides Electron itself", () => {
    const runtime = [...preload.matchAll(/^import (?!type)[^;]+from "([^"]+)";$/gm)];
    expect(runtime.map(([, from]) => from)).toEqual(["electron"]);
  });

  it("exposes the bridge and nothing else", () => {
    expect(preload.match(/exposeInMainWorld\(/g)).toHaveLength(1);
    expect(preload).toContain('exposeInMainWorld("consultingRoom", bridge)');
  });
});
