import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const packageRoot = join(dirname(fileURLToPath(import.meta.url)), "../..");
const cacheFolder = join(packageRoot, "node_modules/.cache/local-supabase");

/** Says from which parts a database was made; equal parts give the same id. */
export function snapshotId(parts: readonly string[]): string {
  const hash = createHash("sha256").update(liteVersion());
  for (const part of parts) hash.update("\0").update(part);
  return hash.digest("hex").slice(0, 32);
}

/** The data folder that an earlier boot with the same parts left behind, or null. */
export async function findSnapshot(id: string): Promise<Blob | null> {
  const file = fileOf(id);
  return existsSync(file) ? new Blob([await readFile(file)]) : null;
}

/** Keeps a data folder for later boots. Several processes may do it at once: the last one wins. */
export async function keepSnapshot(id: string, data: Blob): Promise<void> {
  mkdirSync(cacheFolder, { recursive: true });
  const unfinished = `${fileOf(id)}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(unfinished, Buffer.from(await data.arrayBuffer()));
  renameSync(unfinished, fileOf(id));
}

function fileOf(id: string): string {
  return join(cacheFolder, `${id}.tar`);
}

function liteVersion(): string {
  const entry = fileURLToPath(import.meta.resolve("@supabase/lite"));
  const { version } = JSON.parse(readFileSync(join(dirname(entry), "../package.json"), "utf8"));
  return String(version);
}
