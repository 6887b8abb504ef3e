import type { RealtimePostgresChangesPayload } from "@supabase/supabase-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startLocalSupabase, type LocalSupabase } from "../start.ts";
import { settle, signIn, subscribed, until, type Person } from "../testing/clients.ts";
import { CLINIC, consultationOf } from "../testing/clinic.ts";

type Change = RealtimePostgresChangesPayload<Record<string, unknown>>;

let backend: LocalSupabase;
let doctor: Person;
let patient: Person;
let stranger: Person;
let consultation: string;
let other: string;

beforeAll(async () => {
  backend = await startLocalSupabase({ script: [CLINIC] });
  [doctor, patient, stranger] = [
    await signIn(backend, "doctor"),
    await signIn(backend, "patient"),
    await signIn(backend, "stranger"),
  ];
  consultation = await makeConsultation(doctor.id, patient.id);
  other = await makeConsultation(doctor.id);
});
afterAll(async () => {
  for (const person of [doctor, patient, stranger]) person.close();
  await backend.close();
});

async function makeConsultation(...members: string[]): Promise<string> {
  const [row] = await backend.sql(consultationOf(...members));
  return String(row?.id);
}

/** Subscribes and waits until changes really flow. */
async function listen(person: Person, filter?: string): Promise<Change[]> {
  const changes: Change[] = [];
  let flowing = false;
  const channel = person.client
    .channel(crypto.randomUUID())
    .on(
      "postgres_changes",
      { event: "*", schema: "public", table: "messages", ...(filter && { filter }) },
      (change: Change) => changes.push(change),
    )
    .on("system", {}, (message: { status: string }) => {
      flowing = message.status === "ok";
    });
  expect(await subscribed(channel)).toBe("SUBSCRIBED");
  await until(() => flowing, "changes to flow");
  return changes;
}

async function say(person: Person, body: string, where = consultation, n = 1) {
  const { data, error } = await person.client
    .from("messages")
    .insert({ consultation_id: where, body, n })
    .select()
    .single();
  if (error) throw error;
  return data;
}

describe("postgres_changes", () => {
  it("brings a new row to members only, as REST gives it", async () => {
    const [toPatient, toStranger] = [await listen(patient), await listen(stranger)];
    const row = await say(doctor, "hé 'quote' 🙂");
    await until(() => toPatient.length === 1, "the patient to hear of it");
    await settle();
    expect(toPatient[0]).toMatchObject({ eventType: "INSERT", new: row, old: {}, errors: null });
    expect(toStranger).toEqual([]);
  });

  it("tells of an update the new row, and of the old one only its key", async () => {
    const row = await say(doctor, "first");
    const toPatient = await listen(patient);
    await doctor.client.from("messages").update({ body: "second" }).eq("id", row.id);
    await until(() => toPatient.length === 1, "the update");
    expect(toPatient[0]).toMatchObject({ eventType: "UPDATE", new: { body: "second" } });
    expect(toPatient[0]?.old).toEqual({ id: row.id });
  });

  it("tells everyone of a delete, by key only: hosted cannot check a row that is gone", async () => {
    const row = await say(doctor, "to be deleted");
    const toStranger = await listen(stranger);
    await doctor.client.from("messages").delete().eq("id", row.id);
    await until(() => toStranger.length === 1, "the delete");
    expect(toStranger[0]).toMatchObject({ eventType: "DELETE", old: { id: row.id }, new: {} });
    expect(JSON.stringify(toStranger)).not.toContain("to be deleted");
  });

  it("says nothing of a change that was rolled back", async () => {
    const toPatient = await listen(patient);
    await backend.sql(
      `begin; insert into messages (consultation_id, sender_id, body) values ('${consultation}', '${doctor.id}', 'undone'); rollback;`,
    );
    await say(doctor, "kept");
    await until(() => toPatient.length === 1, "the kept row");
    expect(toPatient[0]?.new).toMatchObject({ body: "kept" });
  });

  it.each([
    ["n=gt.1,body=like.z%", ["zz"]],
    ["body=in.(zz,yy)", ["zz"]],
    ["body=not.eq.zz", ["z,z"]],
    ["n=gte.2", ["zz"]],
    ['body=eq."z,z"', ["z,z"]],
    ["n=is.null", []],
  ])("obeys the filter %s", async (filter, expected) => {
    const changes = await listen(doctor, filter);
    await say(doctor, "zz", consultation, 2);
    await say(doctor, "z,z", consultation, 1);
    await settle();
    expect(changes.map((change) => "body" in change.new && change.new.body)).toEqual(expected);
  });

  it("keeps one consultation's changes apart from another's", async () => {
    const changes = await listen(doctor, `consultation_id=eq.${other}`);
    await say(doctor, "here");
    await say(doctor, "there", other);
    await until(() => changes.length === 1, "the row of the other consultation");
    await settle();
    expect(changes).toMatchObject([{ new: { body: "there" } }]);
  });

  it("subscribes, and then says that a table is not published", async () => {
    const told: { status: string; message: string }[] = [];
    const channel = doctor.client
      .channel("unpublished")
      .on("postgres_changes", { event: "*", schema: "public", table: "members" }, () => undefined)
      .on("system", {}, (message: { status: string; message: string }) => told.push(message));
    expect(await subscribed(channel)).toBe("SUBSCRIBED");
    await until(() => told.length === 1, "the complaint");
    expect(told[0]).toMatchObject({ status: "error" });
    expect(told[0]?.message).toMatch(/Please check Realtime is enabled/);
  });

  it("follows a table that is published while the backend runs", async () => {
    await backend.sql(`
      create table later (id int primary key);
      grant select on later to authenticated;
      alter publication supabase_realtime add table later;`);
    const changes: Change[] = [];
    let flowing = false;
    const channel = doctor.client
      .channel("later")
      .on("postgres_changes", { event: "INSERT", schema: "public", table: "later" }, (change) =>
        changes.push(change),
      )
      .on("system", {}, () => (flowing = true));
    await subscribed(channel);
    await until(() => flowing, "changes to flow");
    await backend.sql("insert into later values (7)");
    await until(() => changes.length === 1, "the row");
    expect(changes[0]?.new).toEqual({ id: 7 });
  });
});

describe("subscribeDelayMs", () => {
  it("lets changes between SUBSCRIBED and the flow be missed, as on hosted", async () => {
    const slow = await startLocalSupabase({ script: [CLINIC], subscribeDelayMs: 3000 });
    const person = await signIn(slow, "doctor");
    const [row] = await slow.sql(consultationOf(person.id));
    const bodies: unknown[] = [];
    let flowing = false;
    const channel = person.client
      .channel("slow")
      .on("postgres_changes", { event: "INSERT", schema: "public", table: "messages" }, (change) =>
        bodies.push(change.new.body),
      )
      .on("system", {}, () => (flowing = true));
    await subscribed(channel);
    const insert = (body: string) =>
      person.client.from("messages").insert({ consultation_id: row?.id, body });
    await insert("too early");
    await until(() => flowing, "changes to flow");
    await insert("in time");
    await until(() => bodies.length > 0, "a row");
    await settle();
    expect(bodies).toEqual(["in time"]);
    person.close();
    await slow.close();
  });
});
