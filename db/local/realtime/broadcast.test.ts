import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startLocalSupabase, type LocalSupabase } from "../start.ts";
import { connect, settle, signIn, subscribed, until, type Person } from "../testing/clients.ts";
import { CLINIC, consultationOf } from "../testing/clinic.ts";

type Heard = { type: string; event: string; payload: unknown; meta?: Record<string, unknown> };
type Config = { private?: boolean; broadcast?: Record<string, unknown> };

let backend: LocalSupabase;
let doctor: Person;
let patient: Person;
let stranger: Person;
let consultation: string;
let room: string;

beforeAll(async () => {
  backend = await startLocalSupabase({
    script: [
      CLINIC,
      `create function send_as_caller(topic text) returns void language sql as
         $$ select realtime.send('{"by": "caller"}', 'note', topic, true) $$;
       create function send_as_owner(topic text) returns void language sql security definer set search_path = '' as
         $$ select realtime.send('{"by": "owner"}', 'note', topic, true) $$;
       create policy "listen only" on realtime.messages for select to authenticated
         using (realtime.topic() = 'listen-only');`,
    ],
  });
  [doctor, patient, stranger] = [
    await signIn(backend, "doctor"),
    await signIn(backend, "patient"),
    await signIn(backend, "stranger"),
  ];
  const [row] = await backend.sql(consultationOf(doctor.id, patient.id));
  consultation = String(row?.id);
  room = `consultation:${consultation}`;
});
afterAll(async () => {
  for (const person of [doctor, patient, stranger]) person.close();
  await backend.close();
});

async function enter(person: Person, topic: string, config: Config = {}) {
  const heard: Heard[] = [];
  const channel = person.client
    .channel(topic, { config })
    .on("broadcast", { event: "*" }, (message) => heard.push(message as Heard));
  const status = await subscribed(channel);
  return {
    channel,
    heard,
    status,
    say: (event: string, payload: unknown) => channel.send({ type: "broadcast", event, payload }),
    leave: () => person.client.removeChannel(channel),
  };
}

const say = (body: string) =>
  doctor.client.from("messages").insert({ consultation_id: consultation, body }).select().single();

describe("public channels", () => {
  it("carry a broadcast to the others and not to the sender, with an acknowledgement", async () => {
    const [a, b] = [
      await enter(doctor, "lobby", { broadcast: { ack: true } }),
      await enter(patient, "lobby"),
    ];
    expect(await a.say("typing", { who: "å🙂" })).toBe("ok");
    await until(() => b.heard.length === 1, "the broadcast");
    await settle();
    expect(b.heard).toEqual([{ type: "broadcast", event: "typing", payload: { who: "å🙂" } }]);
    expect(a.heard).toEqual([]);
    await Promise.all([a.leave(), b.leave()]);
  });

  it("carry bytes, and to the sender too where he asks for it", async () => {
    const a = await enter(doctor, "bytes", { broadcast: { self: true } });
    await a.say("chunk", new Uint8Array([1, 2, 255]).buffer);
    await until(() => a.heard.length === 1, "his own broadcast");
    expect([...new Uint8Array(a.heard[0]?.payload as ArrayBuffer)]).toEqual([1, 2, 255]);
    await a.leave();
  });

  it("speak to clients of the older protocol", async () => {
    const old = await signIn(backend, "old", { vsn: "1.0.0" });
    const [a, b] = [await enter(old, "versions"), await enter(doctor, "versions")];
    await a.say("hello", { from: "old" });
    await b.say("hello", { from: "new" });
    await until(() => a.heard.length === 1 && b.heard.length === 1, "both broadcasts");
    expect(a.heard).toMatchObject([{ event: "hello", payload: { from: "new" } }]);
    expect(b.heard).toMatchObject([{ event: "hello", payload: { from: "old" } }]);
    await b.leave();
    old.close();
  });

  it("take broadcasts by HTTP, one and in a batch", async () => {
    const b = await enter(patient, "by-http");
    const unjoined = doctor.client.channel("by-http");
    expect(await unjoined.httpSend("one", { n: 1 })).toEqual({ success: true });
    const batch = await fetch(`${backend.url}/realtime/v1/api/broadcast`, {
      method: "POST",
      headers: { apikey: backend.anonKey, "content-type": "application/json" },
      body: JSON.stringify({ messages: [{ topic: "by-http", event: "two", payload: { n: 2 } }] }),
    });
    expect(batch.status).toBe(202);
    await until(() => b.heard.length === 2, "both broadcasts");
    expect(b.heard).toMatchObject([{ event: "one" }, { event: "two", payload: { n: 2 } }]);
    await b.leave();
  });

  it("refuse a key that is not the project's", async () => {
    const refused = await fetch(`${backend.url}/realtime/v1/api/broadcast`, {
      method: "POST",
      headers: { apikey: "sb_publishable_wrong", "content-type": "application/json" },
      body: JSON.stringify({ messages: [] }),
    });
    expect(refused.status).toBe(401);
    const client = connect(backend, "sb_publishable_wrong", { timeout: 500 });
    expect(await subscribed(client.channel("x"))).not.toBe("SUBSCRIBED");
    await client.realtime.disconnect();
  });
});

describe("private channels", () => {
  it("admit whom the policies on realtime.messages let read", async () => {
    const [a, b, x] = [
      await enter(doctor, room, { private: true, broadcast: { ack: true } }),
      await enter(patient, room, { private: true }),
      await enter(stranger, room, { private: true }),
    ];
    expect([a.status, b.status]).toEqual(["SUBSCRIBED", "SUBSCRIBED"]);
    expect(x.status).toMatch(/^Unauthorized: You do not have permissions to read/);
    expect(await a.say("typing", {})).toBe("ok");
    await until(() => b.heard.length === 1, "the broadcast");
    await Promise.all([a.leave(), b.leave(), x.leave()]);
  });

  it("ignore who may listen but not speak, without an answer", async () => {
    const [a, b] = [
      await enter(doctor, "listen-only", { private: true, broadcast: { ack: true } }),
      await enter(patient, "listen-only", { private: true }),
    ];
    const answer = await Promise.race([a.say("typing", {}), settle()]);
    expect(answer).not.toBe("ok");
    expect(b.heard).toEqual([]);
    await Promise.all([a.leave(), b.leave()]);
  });

  it("are another room than a public channel of the same name", async () => {
    const [inside, outside] = [
      await enter(patient, room, { private: true }),
      await enter(stranger, room),
    ];
    await say("for members");
    await until(() => inside.heard.length === 1, "the broadcast");
    await settle();
    expect(outside.heard).toEqual([]);
    await Promise.all([inside.leave(), outside.leave()]);
  });

  it("refuse a private broadcast by HTTP from a stranger", async () => {
    const url = `${backend.url}/realtime/v1/api/broadcast/${encodeURIComponent(room)}/events/x?private=true`;
    const post = (token: string) =>
      fetch(url, {
        method: "POST",
        headers: { apikey: backend.anonKey, authorization: `Bearer ${token}` },
        body: "{}",
      });
    expect((await post(stranger.token)).status).toBe(403);
    expect((await post(doctor.token)).status).toBe(202);
  });
});

describe("broadcast from the database", () => {
  it("brings inserts, updates and deletes to the room's members", async () => {
    const b = await enter(patient, room, { private: true });
    const { data } = await say("one");
    await doctor.client.from("messages").update({ body: "two" }).eq("id", data?.id);
    await doctor.client.from("messages").delete().eq("id", data?.id);
    await until(() => b.heard.length === 3, "three broadcasts");
    expect(b.heard.map(({ event }) => event)).toEqual(["INSERT", "UPDATE", "DELETE"]);
    expect(b.heard[0]).toMatchObject({ payload: { operation: "INSERT", record: data } });
    expect(b.heard[0]?.meta?.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(b.heard[2]).toMatchObject({ payload: { record: null, old_record: { body: "two" } } });
    await b.leave();
  });

  it("delivers nothing of a transaction that is rolled back", async () => {
    const b = await enter(patient, room, { private: true });
    await backend.sql(`begin; select realtime.send('{"n": 1}', 'e', '${room}'); rollback;`);
    await backend.sql(`select realtime.send('{"n": 2}', 'e', '${room}')`);
    await until(() => b.heard.length > 0, "a broadcast");
    await settle();
    expect(b.heard.map(({ payload }) => payload)).toMatchObject([{ n: 2 }]);
    await b.leave();
  });

  it("swallows the error of a caller who may not insert, as hosted does", async () => {
    const b = await enter(patient, "listen-only", { private: true });
    const caller = await doctor.client.rpc("send_as_caller", { topic: "listen-only" });
    await settle();
    expect({ error: caller.error, heard: b.heard }).toEqual({ error: null, heard: [] });
    await doctor.client.rpc("send_as_owner", { topic: "listen-only" });
    await until(() => b.heard.length === 1, "the definer's broadcast");
    expect(b.heard[0]).toMatchObject({ event: "note", payload: { by: "owner" } });
    await b.leave();
  });

  it("replays the latest to who asks for them", async () => {
    for (const n of [1, 2, 3])
      await backend.sql(`select realtime.send('{"n": ${n}}', 'replayed', '${room}')`);
    const b = await enter(patient, room, {
      private: true,
      broadcast: { replay: { since: Date.now() - 60_000, limit: 2 } },
    });
    await until(() => b.heard.length === 2, "two replayed messages");
    expect(b.heard).toMatchObject([
      { payload: { n: 2 }, meta: { replayed: true } },
      { payload: { n: 3 }, meta: { replayed: true } },
    ]);
    await b.leave();
  });
});
