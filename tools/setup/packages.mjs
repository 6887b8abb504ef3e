// Plain JavaScript on purpose: this runs on whatever Node a fresh machine has, before anything is installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Brings node_modules to what package-lock.json says, and does nothing when it is there already.
 * @param {string} root the project's folder
 */
export function ensurePackages(root) {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const marker = join(root, "node_modules", ".installed-lock");
  if (existsSync(marker) && readFileSync(marker, "utf8") === lock && existsSync(nodeOf(root))) {
    return;
  }
  // A tree that npm itself has just brought up to date needs only the marker.
  if (!upToDate(root)) {
    console.log("Installing the npm packages of package-lock.json (once, about a minute) …");
    const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      shell: process.platform === "win32",
    });
    if (npm.status !== 0) {
      console.error(
        "npm ci did not finish. Check that the npm registry can be reached, then run the same command again.",
      );
      process.exit(1);
    }
  }
  if (!existsSync(nodeOf(root))) {
    console.error(
      "Node 24 was not installed: npm did not run the install script of the package `node`.\n" +
        "Run `npm rebuild node` and then the same command again.",
    );
    process.exit(1);
  }
  writeFileSync(marker, lock);
}

/** The Node 24 that the npm package `node` has brought. */
export function nodeOf(root) {
  const bin = join(root, "node_modules", "node", "bin");
  return join(bin, process.platform === "win32" ? "node.exe" : "node");
}

function upToDate(root) {
  const hidden = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(hidden) || !existsSync(nodeOf(root))) return false;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const present = JSON.parse(readFileSync(hidden, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, entry]) => path === "" || entry.optional || present[path]?.version === entry.version,
  );
}
