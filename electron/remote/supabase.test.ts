import { describe, expect, it } from "vitest";
import { closeSupabase, openSupabase, SESSION_NAME } from "./supabase.ts";

const KEY = "sb_publishable_0123456789";
const session = (token: string, expiresAt: number) => ({
  access_token: token,
  refresh_token: `refresh-${token}`,
  token_type: "bearer",
  expires_in: 3600,
  expires_at: expiresAt,
  user: { id: "d0c70000-0000-4000-8000-000000000001" },
});

describe("connection", () => {
  it("writes no session any more once it is closed, even if a refresh comes back late", async () => {
    const kept = new Map([[SESSION_NAME, JSON.stringify(session("old", 1_000))]]);
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<Response>();
    const client = openSupabase(
      { url: "https://abcd.supabase.co", anonKey: KEY },
      {
        getItem: (name) => kept.get(name) ?? null,
        setItem: (name, value) => void kept.set(name, value),
        removeItem: (name) => void kept.delete(name),
      },
      () => {
        asked.resolve();
        return answer.promise;
      },
    );
    await asked.promise;
    await closeSupabase(client);
    const before = kept.get(SESSION_NAME);
    answer.resolve(Response.json(session("new", 9_999_999_999)));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(kept.get(SESSION_NAME)).toBe(before);
  });
});
