import { createHash, randomBytes } from "node:crypto";
import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ok, type Result } from "#shared/contract/fault.ts";
import { keyringFault, readFileIfThere, replaceFile } from "#electron/platform/sealed-file.ts";
import type { Keyring, Platform } from "#electron/platform/platform.ts";

/** A user's place on this machine: his folder, and the key of the files in it. */
export type UserVault = {
  folder: string;
  /** 32 random bytes. */
  key: Uint8Array;
  /** False only where a developer switched encryption off for a test. */
  encrypted: boolean;
};

const KEY = /^[0-9a-f]{64}$/;
const LOST = ".lost";
const PLAIN = ".plain";

/** The folder of one user of one project. Its name tells neither. */
export function userFolder(userData: string, projectUrl: string, userId: string): string {
  const name = createHash("sha256").update(`${projectUrl}\n${userId}`).digest("hex").slice(0, 32);
  return join(userData, "users", name);
}

/**
 * True where a developer switched encryption off, to see the encryption test fail without it.
 * An installed app ignores the switch.
 */
const isPlainCacheAllowed = ({ build, environment }: Pick<Platform, "build" | "environment">) =>
  !build.packaged && environment["CONSULTING_ROOM_UNSAFE_PLAIN_CACHE"] === "1";

function unwrap(sealed: Buffer, keyring: Keyring): Buffer | null {
  try {
    const key = keyring.open(sealed);
    return KEY.test(key) ? Buffer.from(key, "hex") : null;
  } catch {
    return null;
  }
}

/**
 * Opens a user's key, making one on his first sign-in. The key is random and lies in `key.bin`,
 * sealed by the keyring: a copied folder is worth nothing on another machine. Where the keyring is
 * missing or only obfuscates, nothing is written at all. A folder whose key is gone or cannot be
 * opened any more (the keyring was reset) is put aside and the copy starts anew.
 * The caller vouches that the user is signed in.
 */
export function openUserVault(
  platform: Pick<Platform, "build" | "environment" | "paths" | "keyring">,
  projectUrl: string,
  userId: string,
): Result<UserVault> {
  const folder = userFolder(platform.paths.userData, projectUrl, userId);
  if (isPlainCacheAllowed(platform)) {
    return ok({ folder: folder + PLAIN, key: new Uint8Array(32), encrypted: false });
  }
  if (platform.keyring.strength() !== "safe") return keyringFault();

  const path = join(folder, "key.bin");
  const sealed = readFileIfThere(path);
  const known = sealed && unwrap(sealed, platform.keyring);
  if (known !== null) return ok({ folder, key: known, encrypted: true });
  if (existsSync(folder)) {
    rmSync(folder + LOST, { recursive: true, force: true });
    renameSync(folder, folder + LOST);
  }
  const key = randomBytes(32);
  replaceFile(path, platform.keyring.seal(key.toString("hex")));
  return ok({ folder, key, encrypted: true });
}

/** Destroys a user's key, and with it all that it locked, then his files. Safe to repeat. */
export function destroyUserVault(
  platform: Pick<Platform, "paths">,
  projectUrl: string,
  userId: string,
): void {
  const folder = userFolder(platform.paths.userData, projectUrl, userId);
  // The key first: after that the rest is noise, even if it cannot be removed.
  rmSync(join(folder, "key.bin"), { force: true });
  for (const path of [folder, folder + LOST, folder + PLAIN]) {
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

/**
 * Removes the copy of the server's rows and keeps the outbox with its key, which the keyring seals:
 * nothing opens it until the same user has signed in again. Safe to repeat.
 */
export function sealUserVault(
  platform: Pick<Platform, "paths">,
  projectUrl: string,
  userId: string,
): void {
  const folder = userFolder(platform.paths.userData, projectUrl, userId);
  for (const place of [folder, folder + PLAIN]) {
    for (const end of ["", "-wal", "-shm"]) {
      rmSync(join(place, `cache.db${end}`), { force: true, maxRetries: 5, retryDelay: 50 });
    }
  }
}
