import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestPlatform, type TestPlatform } from "#electron/platform/testing/test-platform.ts";
import { destroyUserVault, openUserVault, type UserVault } from "./user-vault.ts";

const PROJECT = "https://abcd.supabase.co";
const USER = "d0c70000-0000-4000-8000-000000000001";
const OTHER = "d0c70000-0000-4000-8000-000000000002";

describe("user vault", () => {
  let platform: TestPlatform;
  beforeEach(() => {
    platform = createTestPlatform();
  });
  afterEach(() => platform.remove());

  const open = (user = USER, project = PROJECT): UserVault => {
    const vault = openUserVault(platform, project, user);
    if (!vault.ok) throw new Error(vault.fault);
    return vault.value;
  };
  const hex = ({ key }: UserVault) => Buffer.from(key).toString("hex");
  const userFolders = () => readdirSync(join(platform.paths.userData, "users"));

  it("gives a user the same random key each time", () => {
    const first = open();
    expect(first.key).toHaveLength(32);
    expect(new Set(first.key).size).toBeGreaterThan(8);
    expect(hex(open())).toBe(hex(first));
    expect(first.encrypted).toBe(true);
  });

  it("gives each user, and each project, a folder and a key of their own", () => {
    const vaults = [open(), open(OTHER), open(USER, "https://efgh.supabase.co")];
    expect(new Set(vaults.map(({ folder }) => folder)).size).toBe(3);
    expect(new Set(vaults.map(hex)).size).toBe(3);
    for (const { folder } of vaults) expect(folder).not.toContain(USER);
  });

  it("keeps the key sealed, for this user account only", () => {
    const { folder, key } = open();
    const sealed = readFileSync(join(folder, "key.bin"));
    expect(sealed.includes(Buffer.from(key))).toBe(false);
    expect(sealed.includes(Buffer.from(key).toString("hex"))).toBe(false);
    expect(statSync(join(folder, "key.bin")).mode & 0o077).toBe(0);
    expect(statSync(folder).mode & 0o077).toBe(0);
  });

  it.each(["obfuscated", "unavailable"] as const)(
    "writes nothing with a keyring that is %s",
    (s) => {
      platform.keyringStrength = s;
      expect(openUserVault(platform, PROJECT, USER)).toMatchObject({
        fault: "keyring_unavailable",
      });
      expect(existsSync(join(platform.paths.userData, "users"))).toBe(false);
    },
  );

  it("puts aside what a lost keyring locked, once, and begins anew", () => {
    const first = open();
    writeFileSync(join(first.folder, "cache.db"), "locked");
    platform.resetKeyring();
    const second = open();
    expect(hex(second)).not.toBe(hex(first));
    expect(existsSync(join(second.folder, "cache.db"))).toBe(false);
    expect(readFileSync(`${second.folder}.lost/cache.db`, "utf8")).toBe("locked");
    platform.resetKeyring();
    open();
    expect(userFolders()).toHaveLength(2);
  });

  it("puts aside a folder whose key file is gone", () => {
    const first = open();
    writeFileSync(join(first.folder, "cache.db"), "locked");
    rmSync(join(first.folder, "key.bin"));
    expect(hex(open())).not.toBe(hex(first));
    expect(readdirSync(first.folder)).toEqual(["key.bin"]);
    expect(existsSync(`${first.folder}.lost/cache.db`)).toBe(true);
  });

  it("destroys key and files of that user only, and bears to be asked again", () => {
    const mine = open();
    platform.resetKeyring();
    open();
    const other = open(OTHER);
    destroyUserVault(platform, PROJECT, USER);
    destroyUserVault(platform, PROJECT, USER);
    expect(existsSync(mine.folder)).toBe(false);
    expect(existsSync(`${mine.folder}.lost`)).toBe(false);
    expect(existsSync(other.folder)).toBe(true);
  });
});
