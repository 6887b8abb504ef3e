import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { describeFault } from "#shared/consultation/describe-fault.ts";
import { fault, ok, type Result } from "#shared/contract/fault.ts";
import type { Keyring } from "./platform.ts";

export const keyringFault = () =>
  fault("keyring_unavailable", describeFault("keyring_unavailable"));

/** Replaces a file as a whole: after a crash there is the old one or the new one, never a half. */
export function replaceFile(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.new`;
  const file = openSync(draft, "w", 0o600);
  try {
    writeSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
}

/** The content of a file, or null where there is none. */
export function readFileIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/** A small file of text that only this user of this machine can open. */
export type SealedFile = {
  /** null where there is no file, or where this keyring cannot open it (it was reset, or moved). */
  read(): string | null;
  write(text: string): Result<void>;
  remove(): void;
};

/** A file sealed by the keyring. With one that only obfuscates it is neither read nor written. */
export function sealedFile(path: string, keyring: Keyring): SealedFile {
  return {
    read() {
      if (keyring.strength() !== "safe") return null;
      const sealed = readFileIfThere(path);
      if (sealed === null) return null;
      try {
        return keyring.open(sealed);
      } catch {
        return null; // sealed by another keyring: of no use to anybody
      }
    },
    write(text) {
      if (keyring.strength() !== "safe") return keyringFault();
      replaceFile(path, keyring.seal(text));
      return ok(undefined);
    },
    remove() {
      rmSync(path, { force: true });
      rmSync(`${path}.new`, { force: true });
    },
  };
}
