import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signJwt } from "../jwt.ts";
import { localKeys } from "../keys.ts";
import { startLocalSupabase, type LocalSupabase } from "../start.ts";
import {
  connect,
  CuttableSocket,
  pause,
  settle,
  signIn,
  subscribed,
  until,
  type Person,
} from "../testing/clients.ts";
import { CLINIC, consultationOf } from "../testing/clinic.ts";

let backend: LocalSupabase;

beforeAll(async () => {
  backend = await startLocalSupabase({
    script: [
      CLINIC,
      `create policy "vips" on realtime.messages for select to authenticated
         using (realtime.topic() = 'vip' and auth.jwt() -> 'app_metadata' ->> 'vip' = 'yes');`,
    ],
  });
});
afterAll(() => backend.close());

async function enterRoom(person: Person, consultation: string) {
  const heard: unknown[] = [];
  const told: string[] = [];
  const statuses: string[] = [];
  const channel = person.client
    .channel(`consultation:${consultation}`, { config: { private: true } })
    .on("broadcast", { event: "*" }, (message) => heard.push(message.payload))
    .on("system", {}, (message: { message: string }) => told.push(message.message));
  await new Promise<void>((resolve) => {
    channel.subscribe((status) => {
      statuses.push(status);
      resolve();
    });
  });
  return { channel, heard, told, statuses };
}

async function consultationFor(...people: Person[]): Promise<string> {
  const [row] = await backend.sql(consultationOf(...people.map(({ id }) => id)));
  return String(row?.id);
}

const tellRoom = (consultation: string, n: number) =>
  backend.sql(`select realtime.send('{"n": ${n}}', 'e', 'consultation:${consultation}')`);

describe("a token on an open socket", () => {
  it("is exchanged without losing the channel", async () => {
    const person = await signIn(backend, "doctor");
    const consultation = await consultationFor(person);
    const { heard, statuses } = await enterRoom(person, consultation);
    await pause(1100);
    expect((await person.client.auth.refreshSession()).error).toBeNull();
    await settle();
    await tellRoom(consultation, 1);
    await until(() => heard.length === 1, "a broadcast after the refresh");
    expect(statuses).toEqual(["SUBSCRIBED"]);
    person.close();
  });

  it("that no longer may read ends the channel: 0 later events", async () => {
    const [doctor, patient] = [await signIn(backend, "doctor"), await signIn(backend, "patient")];
    const consultation = await consultationFor(doctor, patient);
    const { heard, told, statuses } = await enterRoom(patient, consultation);
    await tellRoom(consultation, 1);
    await until(() => heard.length === 1, "a broadcast before the revocation");
    await backend.sql(`delete from members where user_id = '${patient.id}'`);
    await pause(1100);
    await patient.client.auth.refreshSession();
    await until(() => told.length === 1, "the server to say so");
    expect(told[0]).toMatch(/^You no longer have permission to read/);
    await until(() => statuses.includes("CLOSED"), "the channel to close");
    await tellRoom(consultation, 2);
    await settle();
    expect(heard).toHaveLength(1);
    doctor.close();
    patient.close();
  });

  it("is believed until then: authorisation is cached, so a revocation must rotate the topic", async () => {
    const [doctor, patient] = [await signIn(backend, "doctor"), await signIn(backend, "patient")];
    const consultation = await consultationFor(doctor, patient);
    const { heard } = await enterRoom(patient, consultation);
    await backend.sql(`delete from members where user_id = '${patient.id}'`);
    await tellRoom(consultation, 1);
    await until(() => heard.length === 1, "the event that hosted would deliver too");
    expect(heard).toMatchObject([{ n: 1 }]);
    doctor.close();
    patient.close();
  });

  it("that no longer may read a row ends its postgres_changes at once", async () => {
    const [doctor, patient] = [await signIn(backend, "doctor"), await signIn(backend, "patient")];
    const consultation = await consultationFor(doctor, patient);
    const bodies: unknown[] = [];
    let flowing = false;
    const channel = patient.client
      .channel("rows")
      .on("postgres_changes", { event: "INSERT", schema: "public", table: "messages" }, (change) =>
        bodies.push(change.new.body),
      )
      .on("system", {}, () => (flowing = true));
    await subscribed(channel);
    await until(() => flowing, "changes to flow");
    const say = (body: string) =>
      doctor.client.from("messages").insert({ consultation_id: consultation, body });
    await say("before");
    await until(() => bodies.length === 1, "the row before");
    await backend.sql(`delete from members where user_id = '${patient.id}'`);
    await say("after");
    await settle();
    expect(bodies).toEqual(["before"]);
    doctor.close();
    patient.close();
  });

  it("closes its channels when it expires", async () => {
    let token = tokenFor("yes", 60);
    const client = connect(backend, backend.anonKey);
    client.realtime.accessToken = async () => token;
    token = tokenFor("no", 60);
    await client.realtime.setAuth(token);
    const refused = client.channel("vip", { config: { private: true } });
    expect(await subscribed(refused)).toMatch(/^Unauthorized/);
    await client.removeChannel(refused);

    token = tokenFor("yes", 4);
    await client.realtime.setAuth(token);
    const told: string[] = [];
    const statuses: string[] = [];
    client
      .channel("vip", { config: { private: true } })
      .on("system", {}, (message: { message: string }) => told.push(message.message))
      .subscribe((status) => statuses.push(status));
    await until(() => statuses.includes("SUBSCRIBED"), "the channel to open");
    await until(() => told.length > 0, "the expiry to be told");
    expect(told[0]).toMatch(/^Token has expired/);
    await client.realtime.disconnect();
  });
});

describe("a broken connection", () => {
  it("comes back by itself, and what happened meanwhile is never delivered", async () => {
    const person = await signIn(backend, "doctor", { reconnectAfterMs: () => 100 });
    const consultation = await consultationFor(person);
    const { heard, statuses } = await enterRoom(person, consultation);
    await tellRoom(consultation, 1);
    await until(() => heard.length === 1, "the first broadcast");
    CuttableSocket.cutAll();
    await tellRoom(consultation, 2);
    await until(
      () => statuses.filter((status) => status === "SUBSCRIBED").length === 2,
      "the channel to come back",
    );
    await tellRoom(consultation, 3);
    await until(() => heard.length === 2, "the broadcast after it");
    expect(heard).toMatchObject([{ n: 1 }, { n: 3 }]);
    person.close();
  });

  it("comes back after the whole backend was gone for a while", async () => {
    const first = await startLocalSupabase({ script: [CLINIC] });
    const port = Number(new URL(first.url).port);
    const person = await signIn(first, "doctor", { reconnectAfterMs: () => 100 });
    const statuses: string[] = [];
    const channel = person.client.channel("public-room");
    channel.subscribe((status) => statuses.push(status));
    await until(() => statuses.includes("SUBSCRIBED"), "the channel to open");
    await first.close();
    await until(() => statuses.length > 1, "the client to notice");
    const second = await startLocalSupabase({ script: [CLINIC], port });
    await until(
      () => statuses.filter((status) => status === "SUBSCRIBED").length === 2,
      "the channel to come back",
      30_000,
    );
    expect(statuses[1]).toMatch(/CHANNEL_ERROR|CLOSED/);
    person.close();
    await second.close();
  });
});

function tokenFor(vip: "yes" | "no", seconds: number): string {
  const now = Math.floor(Date.now() / 1000);
  return signJwt(
    {
      sub: crypto.randomUUID(),
      role: "authenticated",
      iat: now,
      exp: now + seconds,
      app_metadata: { vip },
    },
    localKeys().jwtSecret,
  );
}
