import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startLocalSupabase, type LocalSupabase } from "../start.ts";
import { CuttableSocket, signIn, subscribed, until, type Person } from "../testing/clients.ts";

let backend: LocalSupabase;
let doctor: Person;
let patient: Person;

beforeAll(async () => {
  backend = await startLocalSupabase({
    script: [
      `create policy "watch" on realtime.messages for select to authenticated
         using (realtime.topic() = 'watched');
       create policy "speak" on realtime.messages for insert to authenticated
         with check (realtime.topic() = 'watched' and extension = 'broadcast');`,
    ],
    limits: { presenceCallsPerClient: 100 },
  });
  [doctor, patient] = [await signIn(backend, "doctor"), await signIn(backend, "patient")];
});
afterAll(async () => {
  doctor.close();
  patient.close();
  await backend.close();
});

async function enter(person: Person, topic: string, isPrivate = false) {
  const events: string[] = [];
  const channel = person.client
    .channel(topic, { config: { private: isPrivate, presence: { key: person.id } } })
    .on("presence", { event: "sync" }, () => undefined)
    .on("presence", { event: "join" }, ({ key }) => events.push(`join ${key}`))
    .on("presence", { event: "leave" }, ({ key }) => events.push(`leave ${key}`));
  const status = await subscribed(channel);
  const seen = (id: string) => channel.presenceState<Record<string, unknown>>()[id];
  return { channel, events, status, seen };
}

describe("presence", () => {
  it("shows who came, what he says of himself, and that he left", async () => {
    const [a, b] = [await enter(doctor, "lobby"), await enter(patient, "lobby")];
    expect(await a.channel.track({ status: "here" })).toBe("ok");
    await b.channel.track({ status: "waiting" });
    await until(() => !!a.seen(patient.id) && !!b.seen(doctor.id), "both to see each other");
    await b.channel.track({ status: "busy" });
    await until(() => a.seen(patient.id)?.[0]?.status === "busy", "the new state");
    expect(a.seen(patient.id)).toHaveLength(1);
    await b.channel.untrack();
    await until(() => !a.seen(patient.id), "the patient to leave");
    expect(a.events.filter((event) => event === `leave ${patient.id}`).length).toBeGreaterThan(0);
    await doctor.client.removeChannel(a.channel);
    await patient.client.removeChannel(b.channel);
  });

  it("gives a newcomer everyone who is there", async () => {
    const a = await enter(doctor, "already");
    await a.channel.track({ since: 1 });
    const b = await enter(patient, "already");
    await until(() => b.seen(doctor.id) !== undefined, "the newcomer to see the doctor");
    expect(b.seen(doctor.id)).toMatchObject([{ since: 1 }]);
    await doctor.client.removeChannel(a.channel);
    await patient.client.removeChannel(b.channel);
  });

  it("takes away whose connection breaks", async () => {
    const leaver = await signIn(backend, "leaver");
    const a = await enter(doctor, "breaking");
    const before = new Set(CuttableSocket.open);
    const b = await enter(leaver, "breaking");
    await b.channel.track({});
    await until(() => !!a.seen(leaver.id), "the leaver to be seen");
    for (const socket of CuttableSocket.open) if (!before.has(socket)) socket.terminate();
    leaver.close();
    await until(() => !a.seen(leaver.id), "the leaver to be gone");
    expect(a.events).toContain(`leave ${leaver.id}`);
    await doctor.client.removeChannel(a.channel);
  });

  it("refuses on a private channel who may not write presence there", async () => {
    const [a, b] = [await enter(doctor, "watched", true), await enter(patient, "watched", true)];
    expect([a.status, b.status]).toEqual(["SUBSCRIBED", "SUBSCRIBED"]);
    expect(await b.channel.track({})).not.toBe("ok");
    expect(a.seen(patient.id)).toBeUndefined();
  });
});
