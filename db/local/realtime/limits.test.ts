import { afterEach, describe, expect, it } from "vitest";
import { startLocalSupabase, type LocalSupabase } from "../start.ts";
import { pause, settle, signIn, subscribed, until, type Person } from "../testing/clients.ts";

let backend: LocalSupabase;
const people: Person[] = [];

afterEach(async () => {
  for (const person of people.splice(0)) person.close();
  await backend.close();
});

async function join(name: string): Promise<Person> {
  const person = await signIn(backend, name);
  people.push(person);
  return person;
}

async function watch(person: Person, topic: string, config = {}) {
  const told: string[] = [];
  const statuses: string[] = [];
  const heard: unknown[] = [];
  const channel = person.client
    .channel(topic, { config })
    .on("broadcast", { event: "*" }, (message) => heard.push(message.payload))
    .on("presence", { event: "sync" }, () => undefined)
    .on("system", {}, (message: { message: string }) => told.push(message.message));
  await new Promise<void>((resolve) => {
    channel.subscribe((status) => {
      statuses.push(status);
      resolve();
    });
  });
  return { channel, told, statuses, heard };
}

describe("the free plan, by default", () => {
  it("closes the channel of a client that sends more than 100 messages in a second", async () => {
    backend = await startLocalSupabase();
    const [a, b] = [await watch(await join("a"), "r"), await watch(await join("b"), "r")];
    for (let n = 0; n < 400; n++)
      void a.channel.send({ type: "broadcast", event: "e", payload: { n } });
    await until(() => a.statuses.includes("CLOSED"), "the channel to close");
    expect(a.told).toEqual(["Too many messages per second"]);
    expect(b.heard.length).toBeGreaterThanOrEqual(100);
    await settle();
    expect(b.heard.length).toBeLessThan(400);
  });

  it("closes the channel of a client that tells its presence 6 times in 30 s", async () => {
    backend = await startLocalSupabase();
    const a = await watch(await join("a"), "r");
    for (let n = 0; n < 5; n++) expect(await a.channel.track({ n })).toBe("ok");
    void a.channel.track({ n: 6 });
    await until(() => a.statuses.includes("CLOSED"), "the channel to close");
    expect(a.told).toEqual(["Client presence rate limit exceeded"]);
  });

  it("drops a broadcast of more than 256 KB", async () => {
    backend = await startLocalSupabase();
    const [a, b] = [
      await watch(await join("a"), "r", { broadcast: { ack: true } }),
      await watch(await join("b"), "r"),
    ];
    const text = (kilobytes: number) => "x".repeat(kilobytes * 1024);
    const send = (kilobytes: number) =>
      a.channel.send({ type: "broadcast", event: "e", payload: { text: text(kilobytes) } });
    expect(await send(257)).toBe("error");
    expect(await send(255)).toBe("ok");
    await until(() => b.heard.length === 1, "the smaller one");
    await settle();
    expect(b.heard).toHaveLength(1);
  });

  it("refuses the 101st channel of a connection", async () => {
    backend = await startLocalSupabase({ limits: { joinsPerSecond: 1000 } });
    const { client } = await join("a");
    const joins = await Promise.all(
      Array.from({ length: 100 }, (_, n) => subscribed(client.channel(`r${n}`))),
    );
    expect(new Set(joins)).toEqual(new Set(["SUBSCRIBED"]));
    expect(await subscribed(client.channel("one too many"))).toMatch(/^ChannelRateLimitReached/);
  });

  it("refuses more than 100 joins in a second", async () => {
    backend = await startLocalSupabase({ limits: { channelsPerConnection: 1000 } });
    const { client } = await join("a");
    const joins = await Promise.all(
      Array.from({ length: 400 }, (_, n) => subscribed(client.channel(`r${n}`))),
    );
    const refused = joins.filter((status) => status.startsWith("ClientJoinRateLimitReached"));
    expect(refused.length).toBeGreaterThan(0);
    expect(joins.filter((status) => status === "SUBSCRIBED").length).toBeGreaterThanOrEqual(100);
  });

  it("lets through what a larger plan allows", async () => {
    backend = await startLocalSupabase({
      limits: { messagesPerSecond: 2500, presenceCallsPerClient: 50, payloadBytes: 3_000_000 },
    });
    const [a, b] = [await watch(await join("a"), "r"), await watch(await join("b"), "r")];
    for (let n = 0; n < 200; n++)
      void a.channel.send({ type: "broadcast", event: "e", payload: { n } });
    void a.channel.send({ type: "broadcast", event: "e", payload: { t: "x".repeat(400_000) } });
    await until(() => b.heard.length === 201, "all of them");
    for (let n = 0; n < 8; n++) expect(await a.channel.track({ n })).toBe("ok");
    expect(a.statuses).toEqual(["SUBSCRIBED"]);
  });
});

describe("broadcast from the database", () => {
  it("is held to the plan's average over a minute", async () => {
    backend = await startLocalSupabase({ limits: { messagesPerSecond: 1 } });
    const a = await watch(await join("a"), "r");
    await backend.sql("select realtime.send('{}', 'e', 'r', false) from generate_series(1, 70)");
    await until(() => a.heard.length >= 60, "the allowed ones");
    await pause(300);
    expect(a.heard).toHaveLength(60);
  });
});
