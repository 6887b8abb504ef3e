import { once } from "node:events";
import { connect as connectTcp, createServer, type AddressInfo, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UserId } from "#shared/model/ids.ts";
import { startLocalSupabase, type LocalSupabase } from "#db/local/start.ts";
import { DEMO_DOCTOR, DEMO_PASSWORD } from "#db/seed/people.ts";
import { closeSupabase, openSupabase, type Connection } from "./supabase.ts";
import { listenToUser } from "./user-channel.ts";

// A network that goes silent: connections stay open and nothing comes through, as after a sleep or
// behind a firewall that has forgotten them. No event tells of it.

let backend: LocalSupabase;
let silent = false;
const sockets = new Set<Socket>();
const relay = createServer((from) => {
  const { port } = new URL(backend.url);
  const to = connectTcp(Number(port), "127.0.0.1");
  // A connection that began before the silence stays dead when it is over.
  let dead = false;
  for (const [source, target] of [
    [from, to],
    [to, from],
  ] as const) {
    sockets.add(source);
    source.on("data", (bytes) => {
      dead ||= silent;
      if (!dead) target.write(bytes);
    });
    source.on("error", () => undefined);
    source.on("close", () => target.destroy());
  }
});
let client: Connection;

beforeAll(async () => {
  backend = await startLocalSupabase({ demo: true });
  relay.listen(0, "127.0.0.1");
  await once(relay, "listening");
  const { port } = relay.address() as AddressInfo;
  const kept = new Map<string, string>();
  const storage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
  const project = { url: `http://127.0.0.1:${port}`, anonKey: backend.anonKey };
  client = openSupabase(project, storage, fetch);
  const { email } = DEMO_DOCTOR;
  const { error } = await client.auth.signInWithPassword({ email, password: DEMO_PASSWORD });
  if (error) throw error;
});
afterAll(async () => {
  await closeSupabase(client);
  for (const socket of sockets) socket.destroy();
  relay.close();
  await backend.close();
});

describe("a socket that goes silent", () => {
  it("S21: is noticed in less than 10 seconds, and joined anew", { timeout: 60_000 }, async () => {
    const heard: { what: string; at: number }[] = [];
    const hear = (what: string) => () => void heard.push({ what, at: performance.now() });
    const leave = listenToUser(client, UserId.parse(DEMO_DOCTOR.id), {
      onSubscribed: hear("subscribed"),
      onHint: hear("hint"),
      onLost: hear("lost"),
    });
    const last = () => heard.at(-1)?.what;
    await expect.poll(last, { timeout: 10_000 }).toBe("subscribed");
    silent = true;
    const since = performance.now();
    await expect.poll(last, { timeout: 10_000 }).toBe("lost");
    const noticed = heard.find(({ what }) => what === "lost");
    expect((noticed?.at ?? Infinity) - since).toBeLessThan(10_000);
    silent = false;
    await expect.poll(last, { timeout: 20_000 }).toBe("subscribed");
    leave();
  });
});
