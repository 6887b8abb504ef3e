import { describe, expect, it } from "vitest";
import { checkProject } from "./env-file.ts";

const url = "https://abcdefgh.supabase.co";
const key = "sb_publishable_abcdefgh";
const check = (givenUrl?: string, givenKey?: string) => () =>
  checkProject({ VITE_SUPABASE_URL: givenUrl, VITE_SUPABASE_ANON_KEY: givenKey });

describe("The project of .env", () => {
  it("is none when nothing is filled in", () => {
    expect(check()()).toBeNull();
    expect(check("", " ")()).toBeNull();
  });

  it("is cleaned of what people paste along", () => {
    expect(check(` ${url}/rest/v1/ `, `${key}\n`)()).toEqual({ url, anonKey: key });
  });

  it("is refused by half, naming the other half", () => {
    expect(check(url)).toThrow(/^VITE_SUPABASE_ANON_KEY is missing/);
    expect(check(undefined, key)).toThrow(/^VITE_SUPABASE_URL is missing/);
  });

  it("is refused with a mistyped or an unprotected address", () => {
    expect(check("not a url", key)).toThrow(/^VITE_SUPABASE_URL .*not the address/);
    expect(check("http://clinic.example.org", key)).toThrow(/^VITE_SUPABASE_URL .*https/);
  });

  it("is refused with a secret key, which is not repeated", () => {
    const secret = "sb_secret_abcdefgh";
    expect(check(url, secret)).toThrow(/secret key/);
    expect(check(url, secret)).not.toThrow(secret);
    expect(check(url, "abc")).toThrow(/^VITE_SUPABASE_ANON_KEY .*publishable/);
  });
});
