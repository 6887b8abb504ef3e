import { describe, expect, it } from "vitest";
import { loadConfig } from "./config.ts";

const built = { VITE_SUPABASE_URL: "https://built.supabase.co", VITE_SUPABASE_ANON_KEY: "built" };
const answer =
  (body: string, status = 200) =>
  async () =>
    new Response(body, { status });
const unreachable = async () => {
  throw new TypeError("Failed to fetch");
};

describe("loadConfig", () => {
  it("takes what stands beside the page before what was built in", async () => {
    const beside = answer('{"url":"https://a.supabase.co","anonKey":"k","clinicPhone":"1"}');
    expect(await loadConfig(built, beside)).toEqual({
      url: "https://a.supabase.co",
      anonKey: "k",
      clinicName: null,
      clinicPhone: "1",
    });
  });

  it.each([
    ["a missing file", answer("not here", 404)],
    ["a host that answers with the page itself", answer("<!doctype html>")],
    ["a host that cannot be reached", unreachable],
  ])("takes what was built in for %s", async (_name, load) => {
    expect(await loadConfig(built, load)).toMatchObject({ url: built.VITE_SUPABASE_URL });
  });

  it("says which of the two is wrong when there is nothing", async () => {
    await expect(loadConfig({}, answer("{}"))).rejects.toMatchObject({ code: "not_configured" });
    await expect(loadConfig({}, unreachable)).rejects.toMatchObject({ code: "offline" });
  });
});
