import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "./launch/root.ts";

type Entry = { optionalDependencies?: Record<string, string> };

/** Names every optional package that an entry asks for and the lock does not hold, as npm would look it up. */
function listMissing(packages: Record<string, Entry>): string[] {
  return Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {}).filter(
      (name) => !foldersAbove(path).some((folder) => packages[`${folder}node_modules/${name}`]),
    ),
  );
}

function foldersAbove(path: string): string[] {
  if (path === "") return [""];
  const parent = path.lastIndexOf("/node_modules/");
  return [`${path}/`, ...foldersAbove(parent < 0 ? "" : path.slice(0, parent))];
}

it("locks the packages of every platform, without which npm ci refuses or breaks elsewhere", () => {
  const lock: { packages: Record<string, Entry> } = JSON.parse(
    readFileSync(join(root, "package-lock.json"), "utf8"),
  );
  expect(listMissing(lock.packages)).toEqual([]);
});

it("notices one that is missing", () => {
  const packages = {
    "": {},
    "node_modules/a": { optionalDependencies: { "a-win": "1.0.0", "a-mac": "1.0.0" } },
    "node_modules/a-mac": {},
  };
  expect(listMissing(packages)).toEqual(["a-win"]);
});
