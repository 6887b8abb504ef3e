import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { zstdCompress, zstdDecompress } from "node:zlib";

const packageRoot = join(dirname(fileURLToPath(import.meta.url)), "../..");
const cacheFolder = join(packageRoot, "node_modules/.cache/local-supabase");
const MOST_KEPT = 40;

/** Says from which parts a database was made; equal parts give the same id. */
export function snapshotId(parts: readonly string[]): string {
  const hash = createHash("sha256").update(liteVersion());
  for (const part of parts) hash.update("\0").update(part);
  return hash.digest("hex").slice(0, 32);
}

/** The data folder that an earlier boot with the same parts left behind, or null. */
export async function findSnapshot(id: string): Promise<Blob | null> {
  const file = fileOf(id);
  if (!existsSync(file)) return null;
  const now = new Date();
  utimesSync(file, now, now);
  const data = await promisify(zstdDecompress)(await readFile(file));
  return new Blob([data]);
}

/** Keeps a data folder for later boots. Several processes may do it at once: the last one wins. */
export async function keepSnapshot(id: string, data: Blob): Promise<void> {
  mkdirSync(cacheFolder, { recursive: true });
  const unfinished = `${fileOf(id)}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(unfinished, await promisify(zstdCompress)(await data.arrayBuffer()));
  renameSync(unfinished, fileOf(id));
  forgetOldest();
}

function forgetOldest(): void {
  const files = readdirSync(cacheFolder).map((name) => {
    const path = join(cacheFolder, name);
    return { path, usedAt: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 };
  });
  files.sort((a, b) => b.usedAt - a.usedAt);
  for (const { path } of files.slice(MOST_KEPT)) rmSync(path, { force: true });
}

function fileOf(id: string): string {
  return join(cacheFolder, `${id}.tar.zst`);
}

function liteVersion(): string {
  const entry = fileURLToPath(import.meta.resolve("@supabase/lite"));
  const { version } = JSON.parse(readFileSync(join(dirname(entry), "../package.json"), "utf8"));
  return String(version);
}
