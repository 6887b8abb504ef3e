import { describe, expect, it } from "vitest";
import { guardedFetch } from "./guarded-fetch.ts";

const KEY = "sb_publishable_0123456789";
const API = "https://abcd.supabase.co";
const REFRESH = `${API}/auth/v1/token?grant_type=refresh_token`;

/** What goes out, and what comes back. */
function network(
  answer: () => Response | Promise<Response>,
  closed = new AbortController().signal,
) {
  const sent: { url: string; init: RequestInit | undefined }[] = [];
  const send = guardedFetch(
    KEY,
    async (input, init) => {
      sent.push({ url: String(input), init });
      return answer();
    },
    closed,
  );
  return { sent, send };
}
const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

describe("guarded fetch", () => {
  it.each([
    ["the public key", as(KEY)],
    ["nothing", {}],
  ])("sends no row request in the name of %s", async (_who, init) => {
    const { send, sent } = network(() => Response.json([]));
    await expect(send(`${API}/rest/v1/consultation_messages`, init)).rejects.toThrow(TypeError);
    await expect(send(`${API}/storage/v1/object/x`, init)).rejects.toThrow(TypeError);
    expect(sent).toEqual([]);
    await send(`${API}/rest/v1/consultation_messages`, as("user-token"));
    await send(`${API}/auth/v1/token?grant_type=password`, as(KEY));
    expect(sent).toHaveLength(2);
  });

  it("keeps no answer in a cache on the disk", async () => {
    const { send, sent } = network(() => Response.json([]));
    await send(`${API}/rest/v1/clinic_people`, as("user-token"));
    expect(sent[0]?.init).toMatchObject({ cache: "no-store", credentials: "omit" });
  });

  it("says that a connection broke in one way, whatever the stack says", async () => {
    const { send } = network(() => Promise.reject(new Error("net::ERR_INTERNET_DISCONNECTED")));
    await expect(send(REFRESH)).rejects.toThrow(TypeError);
    await expect(send(REFRESH)).rejects.toThrow(/^fetch failed/);
  });

  it("sends nothing more, and answers no refresh, once the connection is closed", async () => {
    const { send, sent } = network(() => Response.json([]), AbortSignal.abort());
    await expect(send(`${API}/rest/v1/clinic_people`, as("user-token"))).rejects.toMatchObject({
      name: "AbortError",
    });
    let settled = false;
    void send(REFRESH).finally(() => (settled = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(settled).toBe(false);
    expect(sent).toEqual([]);
  });

  it("lets an abort through as what it is", async () => {
    const { send } = network(() => Promise.reject(new DOMException("stopped", "AbortError")));
    await expect(send(REFRESH, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: "AbortError",
    });
  });

  it.each([
    ["a session", () => Response.json({ access_token: "a" })],
    ["GoTrue's verdict", () => Response.json({ error_code: "x" }, { status: 400 })],
    ["an older GoTrue's verdict", () => Response.json({ error: "invalid_grant" }, { status: 401 })],
  ])("takes %s for the auth server's word on a refresh", async (_what, answer) => {
    const { send } = network(answer);
    expect(await (await send(REFRESH)).json()).toBeTruthy();
  });

  it.each([
    ["a login page", () => new Response("<html>", { status: 200 })],
    ["other JSON", () => Response.json({ hello: 1 })],
    ["a proxy's 403", () => new Response("<html>", { status: 403 })],
    ["a rate limit", () => Response.json({ code: "over_request_rate_limit" }, { status: 429 })],
    ["a missing page", () => Response.json({ error: "not found" }, { status: 404 })],
    ["a broken gateway", () => new Response("", { status: 502 })],
  ])("takes %s for a broken connection", async (_what, answer) => {
    const { send } = network(answer);
    await expect(send(REFRESH)).rejects.toThrow(TypeError);
  });
});
