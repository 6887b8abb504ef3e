import { createHmac } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CacheError } from "./cache-error.ts";

const PURPOSE = "consulting-room local store";

/**
 * Throws `wrong_key` for another key than the one that the folder was made with. SQLCipher answers
 * a wrong key and a damaged file alike; this tells them apart, so that nobody throws good files
 * away. The file holds a keyed digest of a constant: it says nothing about the random key.
 */
export function checkKey(folder: string, key: Buffer): void {
  const path = join(folder, "key-check");
  const digest = createHmac("sha256", key).update(PURPOSE).digest("hex");
  if (!existsSync(path)) {
    // Files without a check (a kill between the two) prove the key by opening.
    writeFileSync(path, digest, { mode: 0o600, flush: true });
    return;
  }
  const known = readFileSync(path, "utf8");
  if (known !== digest) throw new CacheError("wrong_key", "the folder was made with another key");
}
