import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join, resolve } from "node:path";

/** Another process works in the data folder; two at once would silently lose rows. */
export class DataFolderInUse extends Error {}

const heldHere = new Set<string>();

/** Takes the data folder for this process and gives the way to let go of it. */
export function lockDataFolder(folder: string): () => void {
  const path = resolve(folder);
  const file = join(path, "in-use.lock");
  mkdirSync(path, { recursive: true });
  // A lock of this very process number may be left from before a restart of the container.
  if (heldHere.has(path)) throw inUse(path, process.pid);
  if (!create(file)) {
    const owner = Number(readFileSync(file, "utf8"));
    if (owner !== process.pid && isAlive(owner)) throw inUse(path, owner);
    rmSync(file, { force: true });
    if (!create(file)) throw inUse(path, owner);
  }
  heldHere.add(path);
  return () => {
    heldHere.delete(path);
    rmSync(file, { force: true });
  };
}

function create(file: string): boolean {
  try {
    const handle = openSync(file, "wx");
    writeSync(handle, String(process.pid));
    closeSync(handle);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function inUse(folder: string, owner: number): DataFolderInUse {
  return new DataFolderInUse(
    `The data folder ${folder} is in use by process ${owner}. Stop that backend first, or give another folder with --data.`,
  );
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
