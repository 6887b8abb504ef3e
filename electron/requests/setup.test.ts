import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { startLocalSupabase } from "#db/local/start.ts";
import { DEMO_DOCTOR } from "#db/seed/people.ts";
import { createTestPlatform } from "#electron/platform/testing/test-platform.ts";
import { ClinicApp } from "#electron/testing/clinic-app.ts";
import { faultOf, valueOf } from "#electron/testing/workplace.ts";

const run = ClinicApp.use();
const { email, password } = DEMO_DOCTOR;
type GivenProject = { url: string; anonKey: string };

const test = async (project: GivenProject) =>
  valueOf(await run.app.request("setup.test", project)).checks;
const failures = async (project: GivenProject) =>
  (await test(project)).filter(({ ok }) => !ok).map(({ name, fault }) => [name, fault]);

describe("a project where the script is missing or does not fit", () => {
  it("says `tables_missing` at sign-in and in the connection test, and signs nobody in", async () => {
    const blank = await startLocalSupabase();
    try {
      await blank.createUser({ email, password });
      const { url, anonKey } = blank;
      const environment = { VITE_SUPABASE_URL: url, VITE_SUPABASE_ANON_KEY: anonKey };
      await run.moveTo(createTestPlatform({ environment }));
      expect(faultOf(await run.app.request("account.signIn", { email, password }))).toBe(
        "tables_missing",
      );
      expect((await run.account()).person).toBeNull();
      expect(await failures({ url, anonKey })).toEqual([["tables", "tables_missing"]]);
    } finally {
      await blank.close();
    }
  });

  it.each([
    ["app_old", "update consultation_meta set min_client = '99.0.0'"],
    ["tables_old", "update consultation_meta set schema_version = 0"],
  ])("says `%s`", async (code, sql) => {
    const [before] = await run.clinic.sql(
      "select schema_version, min_client from consultation_meta",
    );
    await run.clinic.sql(sql);
    try {
      expect(faultOf(await run.app.request("account.signIn", { email, password }))).toBe(code);
    } finally {
      await run.clinic.sql(
        `update consultation_meta set schema_version = ${before?.schema_version}, min_client = '${before?.min_client}'`,
      );
    }
  });
});

describe("a project that IT has set", () => {
  it("stays set", async () => {
    const { anonKey } = run.clinic;
    const other = { url: "https://elsewhere.example", anonKey };
    expect(faultOf(await run.app.request("setup.save", other))).toBe("refused");
    expect((await run.account()).server).toBe(new URL(run.clinic.url).host);
  });

  it("says why it is rejected, and is not replaced by another", async () => {
    const environment = {
      VITE_SUPABASE_URL: run.clinic.url,
      VITE_SUPABASE_ANON_KEY: run.clinic.serviceKey,
    };
    await run.moveTo(createTestPlatform({ environment }));
    expect(await run.account()).toMatchObject({ configured: false });
    for (const answer of [
      await run.app.request("account.signIn", { email, password }),
      await run.app.request("setup.save", run.clinic),
    ]) {
      expect(faultOf(answer)).toBe("secret_key");
    }
  });
});

describe("the first start", () => {
  beforeEach(() => run.moveTo(createTestPlatform()));

  it("says that nothing is configured", async () => {
    expect(await run.account()).toMatchObject({ configured: false, server: null });
    expect(faultOf(await run.app.request("account.signIn", { email, password }))).toBe(
      "not_configured",
    );
  });

  it("tests the project, keeps it sealed, and finds it at the next start", async () => {
    const { url, anonKey } = run.clinic;
    expect((await test({ url, anonKey })).map(({ name, ok }) => [name, ok])).toEqual([
      ["url", true],
      ["key", true],
      ["reachable", true],
      ["tables", true],
      ["realtime", true],
    ]);
    valueOf(await run.app.request("setup.save", { url, anonKey }));
    const saved = readFileSync(join(run.platform.paths.userData, "project.bin"));
    expect(saved.includes(anonKey)).toBe(false);
    await run.restart();
    expect(await run.account()).toMatchObject({ configured: true, server: new URL(url).host });
    await run.signIn();
    expect(faultOf(await run.app.request("setup.save", { url, anonKey }))).toBe("refused");
  });

  it.each([
    ["secret_key", "key", (url: string) => ({ url, anonKey: "sb_secret_0123456789abcdef" })],
    ["insecure_url", "url", () => ({ url: "http://clinic.example", anonKey: run.clinic.anonKey })],
    ["invalid_url", "url", () => ({ url: "not a url", anonKey: run.clinic.anonKey })],
    ["invalid_key", "key", (url: string) => ({ url, anonKey: "abc" })],
  ])("refuses to keep %s", async (code, line, project) => {
    const given = project(run.clinic.url);
    expect(faultOf(await run.app.request("setup.save", given))).toBe(code);
    expect(await failures(given)).toEqual([[line, code]]);
    expect(readdirSync(run.platform.paths.userData)).not.toContain("project.bin");
  });

  it("names a key of another project and an address where nothing answers", async () => {
    const anonKey = "sb_publishable_00000000000000";
    expect(await failures({ url: run.clinic.url, anonKey })).toEqual([
      ["reachable", "invalid_key"],
    ]);
    expect(await failures({ url: "http://127.0.0.1:9", anonKey })).toEqual([
      ["reachable", "offline"],
    ]);
  });
});
