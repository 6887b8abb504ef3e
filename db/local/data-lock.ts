import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Another process works in the data folder; two at once would silently lose rows. */
export class DataFolderInUse extends Error {}

/** Takes the data folder for this process and gives the way to let go of it. */
export function lockDataFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "in-use.lock");
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const handle = openSync(file, "wx");
      writeSync(handle, String(process.pid));
      closeSync(handle);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    const owner = Number(readFileSync(file, "utf8"));
    if (owner === process.pid || isAlive(owner))
      throw new DataFolderInUse(
        `The data folder ${folder} is in use by process ${owner}. Stop that backend first, or give another folder with --data.`,
      );
    // Its owner died without letting go.
    rmSync(file, { force: true });
  }
  throw new DataFolderInUse(`The data folder ${folder} is in use by another process.`);
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
