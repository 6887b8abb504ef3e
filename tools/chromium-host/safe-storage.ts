import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { appName } from "./app-paths.ts";
import { host } from "./host.ts";

/**
 * The keyring that the host pretends to have, from CHROMIUM_HOST_KEYRING:
 * `gnome_libsecret` (default) keeps a key outside the app's user data, as a real keyring does;
 * `basic_text` has only a password that everybody knows, as Chromium has without a keyring;
 * `unavailable` can keep nothing.
 */
type Keyring = "gnome_libsecret" | "basic_text" | "unavailable";

function keyring(): Keyring {
  const name = process.env.CHROMIUM_HOST_KEYRING ?? "gnome_libsecret";
  if (name === "gnome_libsecret" || name === "basic_text" || name === "unavailable") return name;
  throw new Error(`chromium-host: unknown keyring ${name}`);
}

let plainTextAllowed = false;

function isEncryptionAvailable(): boolean {
  if (!host.isReady) return false;
  return keyring() === "gnome_libsecret" || (keyring() === "basic_text" && plainTextAllowed);
}

function findKey(): Buffer {
  if (keyring() === "basic_text") return createHash("sha256").update("peanuts").digest();
  const share = process.env.XDG_DATA_HOME ?? join(homedir(), ".local", "share");
  const folder = process.env.CHROMIUM_HOST_KEYRING_FOLDER ?? join(share, "chromium-host-keyring");
  const file = join(folder, `${encodeURIComponent(appName())}.key`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, randomBytes(32), { mode: 0o600, flag: "wx" });
  } catch {
    // It is there already; the first to write it wins.
  }
  return readFileSync(file);
}

function encryptString(plainText: string): Buffer {
  if (typeof plainText !== "string") throw new TypeError("Error processing argument");
  if (!isEncryptionAvailable()) {
    throw new Error(
      "Error while encrypting the text provided to safeStorage.encryptString. Encryption is not available.",
    );
  }
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", findKey(), iv);
  const body = [cipher.update(plainText, "utf8"), cipher.final()];
  return Buffer.concat([Buffer.from("v11"), iv, ...body, cipher.getAuthTag()]);
}

function decryptString(encrypted: Buffer): string {
  const failure = "Error while decrypting the ciphertext provided to safeStorage.decryptString.";
  if (!isEncryptionAvailable()) throw new Error(`${failure} Decryption is not available.`);
  if (!Buffer.isBuffer(encrypted) || encrypted.subarray(0, 3).toString() !== "v11") {
    throw new Error(failure);
  }
  try {
    const decipher = createDecipheriv("aes-256-gcm", findKey(), encrypted.subarray(3, 15));
    decipher.setAuthTag(encrypted.subarray(-16));
    return decipher.update(encrypted.subarray(15, -16), undefined, "utf8") + decipher.final("utf8");
  } catch {
    throw new Error(failure);
  }
}

/** Electron's `safeStorage`. */
export const safeStorage = {
  isEncryptionAvailable,
  isAsyncEncryptionAvailable: async (): Promise<boolean> => isEncryptionAvailable(),
  setUsePlainTextEncryption: (allowed: boolean): void => void (plainTextAllowed = allowed),
  getSelectedStorageBackend(): "gnome_libsecret" | "basic_text" | "unknown" {
    if (!host.isReady) return "unknown";
    const name = keyring();
    return name === "unavailable" ? "unknown" : name;
  },
  encryptString,
  decryptString,
  encryptStringAsync: async (plainText: string): Promise<Buffer> => encryptString(plainText),
  decryptStringAsync: async (encrypted: Buffer) => ({
    result: decryptString(encrypted),
    shouldReEncrypt: false,
  }),
};
