import { describe, expect, it } from "vitest";
import { checkAnonKey, checkProjectUrl } from "./project-address.ts";

const jwt = (claims: object) =>
  [{ alg: "HS256" }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .concat("c2lnbmF0dXJl")
    .join(".");

describe("checkProjectUrl", () => {
  it.each([
    ["https://abc.supabase.co", "https://abc.supabase.co"],
    ["  https://abc.supabase.co/rest/v1/ ", "https://abc.supabase.co"],
    ["https://abc.supabase.co/auth/v1?x=1#y", "https://abc.supabase.co"],
    ["abc.supabase.co", "https://abc.supabase.co"],
    ["https://supabase.clinic.example:8443/", "https://supabase.clinic.example:8443"],
    ["http://127.0.0.1:54321/", "http://127.0.0.1:54321"],
    ["http://localhost:54321", "http://localhost:54321"],
    ["http://[::1]:54321", "http://[::1]:54321"],
    ["https://localhost:8443", "https://localhost:8443"],
  ])("%s is taken as %s", (typed, clean) => {
    expect(checkProjectUrl(typed)).toEqual({ ok: true, value: clean });
  });

  it.each([
    ["http://abc.supabase.co", "insecure_url"],
    ["http://192.168.1.4:54321", "insecure_url"],
    ["http://127.0.0.1.example.org", "insecure_url"],
    ["http://localhost.example.org", "insecure_url"],
    ["", "invalid_url"],
    ["supabase", "invalid_url"],
    ["postgres://abc.supabase.co", "invalid_url"],
    ["javascript:alert(1)", "invalid_url"],
    ["https://user:secret@abc.supabase.co", "invalid_url"],
    ["https://", "invalid_url"],
  ])("%s is refused as %s", (typed, code) => {
    expect(checkProjectUrl(typed)).toMatchObject({ ok: false, fault: code });
  });
});

describe("checkAnonKey", () => {
  it("takes a publishable key and an older anon token, trimmed", () => {
    const anon = jwt({ role: "anon", iss: "supabase" });
    expect(checkAnonKey(" sb_publishable_abc \n")).toEqual({
      ok: true,
      value: "sb_publishable_abc",
    });
    expect(checkAnonKey(anon)).toEqual({ ok: true, value: anon });
  });

  it.each([
    ["sb_secret_abc", "secret_key"],
    ["SB_SECRET_abc", "secret_key"],
    [jwt({ role: "service_role" }), "secret_key"],
    [jwt({ role: "supabase_admin" }), "secret_key"],
    [jwt({ sub: "nobody" }), "invalid_key"],
    ["", "invalid_key"],
    ["sb_publishable_", "invalid_key"],
    ["a.b.c", "invalid_key"],
    ["hello", "invalid_key"],
  ])("refuses %s as %s", (key, code) => {
    expect(checkAnonKey(key)).toMatchObject({ ok: false, fault: code });
  });

  it("never repeats the key in its words", () => {
    const refused = checkAnonKey("sb_secret_do_not_repeat");
    expect(JSON.stringify(refused)).not.toContain("do_not_repeat");
  });
});
