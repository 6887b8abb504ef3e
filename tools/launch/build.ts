import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.ts";

const SOURCES = [
  "shared/**/*",
  "electron/**/*",
  "renderer/**/*",
  "db/cache/**/*",
  "package-lock.json",
  "electron.vite.config.ts",
];
const STAMP = join(root, "out", ".built-from");
const PRODUCTS = ["out/main/main.js", "out/preload/preload.cjs", "out/renderer", "out/patient"];

/** Builds the app and the patient page, unless they were built from just these sources. */
export function ensureBuilt(): void {
  const now = fingerprint();
  const there = PRODUCTS.every((path) => existsSync(join(root, path)));
  if (there && existsSync(STAMP) && readFileSync(STAMP, "utf8") === now) return;
  console.log("Building the app …");
  const run = spawnSync("npm", ["run", "build", "--silent"], {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (run.status !== 0) {
    process.stderr.write(run.stdout + run.stderr);
    throw new Error("The build failed; its output is above.");
  }
  mkdirSync(join(root, "out"), { recursive: true });
  writeFileSync(STAMP, now);
}

function fingerprint(): string {
  const hash = createHash("sha256");
  const given = process.env.VITE_SUPABASE_URL ?? "";
  hash.update(`${given}\0${process.env.VITE_SUPABASE_ANON_KEY ?? ""}\0`);
  for (const path of globSync(SOURCES, { cwd: root }).toSorted()) {
    const stat = statSync(join(root, path));
    if (stat.isFile())
      hash
        .update(path)
        .update("\0")
        .update(readFileSync(join(root, path)));
  }
  return hash.digest("hex");
}
