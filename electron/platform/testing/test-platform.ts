import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KeyringStrength, Platform } from "#electron/platform/platform.ts";

/** A platform without Electron: a folder of its own, a keyring in memory, a network to switch off. */
export type TestPlatform = Platform & {
  keyringStrength: KeyringStrength;
  /** Another keyring than the one that sealed what there is: as after a reset. */
  resetKeyring(): void;
  /** False: every request fails as it does without a network. */
  online: boolean;
  /** Answers in the server's place; null lets the request through. */
  intercept: ((url: string) => Promise<Response | null>) | null;
  requests: string[];
  wake(): void;
  remove(): void;
};

export type TestPlatformOptions = {
  environment?: Record<string, string>;
  packaged?: boolean;
};

/** Makes a platform for one test; `remove` deletes its folder. */
export function createTestPlatform(options: TestPlatformOptions = {}): TestPlatform {
  const userData = mkdtempSync(join(tmpdir(), "consulting-room-"));
  let secret = randomBytes(32);
  const wakers = new Set<() => void>();
  const joined = (set: Set<() => void>, heard: () => void) => {
    set.add(heard);
    return () => void set.delete(heard);
  };

  const platform: TestPlatform = {
    keyringStrength: "safe",
    online: true,
    intercept: null,
    requests: [],
    build: { packaged: options.packaged ?? false, version: "1.0.0", system: "linux" },
    paths: {
      userData,
      logs: join(userData, "logs"),
      renderer: join(userData, "renderer"),
      preload: join(userData, "preload.cjs"),
    },
    environment: options.environment ?? {},
    keyring: {
      strength: () => platform.keyringStrength,
      seal(text) {
        const nonce = randomBytes(12);
        const cipher = createCipheriv("aes-256-gcm", secret, nonce);
        const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
        return Buffer.concat([nonce, cipher.getAuthTag(), body]);
      },
      open(sealed) {
        const bytes = Buffer.from(sealed);
        const decipher = createDecipheriv("aes-256-gcm", secret, bytes.subarray(0, 12));
        decipher.setAuthTag(bytes.subarray(12, 28));
        return decipher.update(bytes.subarray(28), undefined, "utf8") + decipher.final("utf8");
      },
    },
    power: {
      onWake: (heard) => joined(wakers, heard),
    },
    fetch: async (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      platform.requests.push(url);
      if (!platform.online) throw new TypeError("net::ERR_INTERNET_DISCONNECTED");
      return (await platform.intercept?.(url)) ?? fetch(input, init);
    },
    resetKeyring() {
      secret = randomBytes(32);
    },
    wake: () => wakers.forEach((heard) => heard()),
    remove: () => rmSync(userData, { recursive: true, force: true, maxRetries: 5 }),
  };
  return platform;
}
