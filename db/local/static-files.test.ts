import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { serveStatic } from "./static-files.ts";

const outside = mkdtempSync(join(tmpdir(), "local-supabase-static-"));
const folder = join(outside, "pages");
mkdirSync(join(folder, "assets"), { recursive: true });
writeFileSync(join(outside, "secret.txt"), "secret");
writeFileSync(join(folder, "index.html"), "<!doctype html>");
writeFileSync(join(folder, "assets/main-DEADBEEF.js"), "export {};");
afterAll(() => rmSync(outside, { recursive: true, force: true }));

const get = (path: string, method = "GET") =>
  serveStatic(folder, new Request(`http://127.0.0.1:5000${path}`, { method }), "sb_publishable_x");

describe("serveStatic", () => {
  it("sends pages with a strict policy that allows this origin's web socket", async () => {
    const answer = await get("/patient/");
    expect(answer).toMatchObject({
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" },
    });
    expect(answer?.headers["content-security-policy"]).toContain(
      "connect-src 'self' ws://127.0.0.1:5000",
    );
  });

  it("lets files with a hashed name be kept for ever", async () => {
    expect((await get("/patient/assets/main-DEADBEEF.js"))?.headers).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
    });
  });

  it.each([
    "/patient/%2e%2e/secret.txt",
    "/patient/..%2fsecret.txt",
    "/patient/%00",
    "/patient/%zz",
    "/patient/none.html",
  ])("has nothing at %s", async (path) => {
    const answer = await get(path);
    expect(answer?.status ?? 404).toBe(404);
    expect(answer?.body.toString() ?? "").not.toContain("secret");
  });

  it("tells the page its project", async () => {
    const answer = await get("/patient/config.json");
    expect(JSON.parse(String(answer?.body))).toEqual({
      url: "http://127.0.0.1:5000",
      anonKey: "sb_publishable_x",
    });
  });

  it("sends / and /patient to the page, and leaves the API alone", async () => {
    expect((await get("/"))?.headers.location).toBe("/patient/");
    expect((await get("/patient"))?.status).toBe(302);
    expect(await get("/rest/v1/things")).toBeNull();
    expect((await get("/patient/", "POST"))?.status).toBe(405);
  });
});
