import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sealedFile, type SealedFile } from "#electron/platform/sealed-file.ts";
import { createTestPlatform, type TestPlatform } from "#electron/platform/testing/test-platform.ts";
import { checkProject, findProject, saveProject, type ProjectSource } from "./project.ts";

const KEY = "sb_publishable_0123456789";
const NONE: ProjectSource = { url: undefined, anonKey: undefined };
const at = (name: string): ProjectSource => ({ url: `https://${name}.supabase.co`, anonKey: KEY });
const ready = (name: string, from: string) => ({
  state: "ready",
  from,
  project: { url: `https://${name}.supabase.co`, anonKey: KEY },
});

describe("project", () => {
  let platform: TestPlatform;
  let saved: SealedFile;
  beforeEach(() => {
    platform = createTestPlatform();
    saved = sealedFile(join(platform.paths.userData, "project.bin"), platform.keyring);
  });
  afterEach(() => platform.remove());

  const save = (name: string) =>
    saveProject({ url: `https://${name}.supabase.co`, anonKey: KEY }, saved);

  it("comes from the environment, else from the build, else from what was saved", () => {
    save("saved");
    expect(findProject(at("env"), at("build"), saved)).toEqual(ready("env", "environment"));
    expect(findProject(NONE, at("build"), saved)).toEqual(ready("build", "build"));
    expect(findProject(NONE, NONE, saved)).toEqual(ready("saved", "saved"));
    saved.remove();
    expect(findProject(NONE, { url: "", anonKey: "" }, saved)).toEqual({ state: "none" });
  });

  it.each([
    ["secret_key", { url: "https://a.supabase.co", anonKey: "sb_secret_0123456789" }],
    ["insecure_url", { url: "http://a.supabase.co", anonKey: KEY }],
    ["invalid_key", { url: "https://a.supabase.co", anonKey: undefined }],
    ["invalid_url", { url: undefined, anonKey: KEY }],
  ])("is rejected with %s, and not passed over for the next source", (code, source) => {
    save("saved");
    expect(findProject(source, at("build"), saved)).toMatchObject({
      state: "rejected",
      reason: { fault: code },
    });
  });

  it("names a secret key even beside a bad address", () => {
    expect(checkProject({ url: "nonsense", anonKey: "sb_secret_0123456789" })).toMatchObject({
      fault: "secret_key",
    });
  });

  it("is asked for again where what was saved is not allowed any more", () => {
    saved.write(JSON.stringify({ url: "http://clinic.example", anonKey: KEY }));
    expect(findProject(NONE, NONE, saved)).toEqual({ state: "none" });
  });

  it("is asked for again where the saved file makes no sense, and does not stop the start", () => {
    for (const text of ["", "{", "{}", '{"url":1,"anonKey":null}']) {
      saved.write(text);
      expect(findProject(NONE, NONE, saved)).toEqual({ state: "none" });
    }
  });

  it("is lost with the keyring that sealed it, and is not written without one", () => {
    save("saved");
    platform.resetKeyring();
    expect(findProject(NONE, NONE, saved)).toEqual({ state: "none" });
    platform.keyringStrength = "obfuscated";
    expect(save("other")).toMatchObject({ fault: "keyring_unavailable" });
  });
});
