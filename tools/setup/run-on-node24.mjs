// Plain JavaScript on purpose: this runs on whatever Node a fresh machine has.
import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { nodeOf } from "./packages.mjs";

/**
 * Runs a TypeScript file on the project's own Node 24, with this process's arguments and standard
 * streams, and ends with its exit code. Signals reach the child, which ends what it started.
 * @param {string} root the project's folder
 * @param {string} file relative to the root
 */
export function runOnNode24(root, file) {
  const node = nodeOf(root);
  const bins = [dirname(node), join(root, "node_modules", ".bin")];
  const child = spawn(node, [join(root, file), ...process.argv.slice(2)], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH: [...bins, process.env.PATH].join(delimiter) },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
