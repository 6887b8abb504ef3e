import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startLocalSupabase, type LocalSupabase } from "./start.ts";

let backend: LocalSupabase;
beforeAll(async () => {
  backend = await startLocalSupabase();
});
afterAll(() => backend.close());

describe("a page of another origin", () => {
  it.each([
    "/auth/v1/token?grant_type=password",
    "/rest/v1/anything",
    "/storage/v1/object/bucket/name",
    "/realtime/v1/api/broadcast",
  ])("may call %s with the headers that supabase-js sends", async (path) => {
    const wanted = "apikey,authorization,content-type,x-client-info";
    const answer = await fetch(backend.url + path, {
      method: "OPTIONS",
      headers: {
        origin: "http://app.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": wanted,
      },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.headers.get("access-control-allow-headers")).toBe(wanted);
    expect(answer.headers.get("access-control-allow-methods")).toContain("PATCH");
  });

  it("may read what it is answered, an error too", async () => {
    const answer = await fetch(`${backend.url}/rest/v1/missing`, {
      headers: { origin: "http://app.example", apikey: backend.anonKey },
    });
    expect(answer.ok).toBe(false);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.headers.get("access-control-expose-headers")).toContain("content-range");
  });

  it("may not read the pages served beside the API", async () => {
    const answer = await fetch(`${backend.url}/health`);
    expect(answer.headers.get("access-control-expose-headers")).toBeNull();
  });
});
