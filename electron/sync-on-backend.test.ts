import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { insertMessage, startConsultation } from "#shared/consultation/calls.ts";
import { fault, type Fault } from "#shared/contract/fault.ts";
import { AppointmentId, SessionId, UserId } from "#shared/model/ids.ts";
import { startLocalSupabase, type LocalSupabase } from "#db/local/start.ts";
import { connect } from "#db/local/testing/clients.ts";
import { DEMO_DOCTOR, DEMO_PASSWORD, DEMO_PATIENT } from "#db/seed/people.ts";
import { FEED_START } from "#electron/cache/feed.ts";
import type { Cache } from "#electron/cache/cache.ts";
import { makeStore, newId, type TestStore } from "#electron/cache/testing/test-store.ts";
import type { Remote } from "#electron/sync/remote-port.ts";
import { createRemote } from "#electron/remote/remote.ts";
import { startSync, type SyncEngine } from "#electron/sync/engine.ts";

// The rules on the real server side: the product's SQL, row security, REST and Realtime.

const doctorId = UserId.parse(DEMO_DOCTOR.id);
const patientId = UserId.parse(DEMO_PATIENT.id);
let backend: LocalSupabase;
let doctor: ReturnType<typeof connect>;
let patient: ReturnType<typeof connect>;
let sessionId: SessionId;
let appointmentId: AppointmentId;

let test: TestStore;
let cache: Cache;
let engine: SyncEngine;

async function signedIn(email: string): Promise<ReturnType<typeof connect>> {
  const client = connect(backend, backend.anonKey);
  const { error } = await client.auth.signInWithPassword({ email, password: DEMO_PASSWORD });
  if (error) throw error;
  await client.realtime.setAuth();
  return client;
}

const transcript = async () => {
  const page = { sessionId, beforeSeq: null, limit: 200 };
  return (await cache.read("messages.list", page)).messages;
};
const last = async () => (await transcript()).at(-1);
const send = (content: string) =>
  insertMessage(patient, {
    id: newId(),
    session_id: sessionId,
    sender_id: patientId,
    sender_role: "patient",
    sender_name: "whatever he says",
    message_type: "text",
    content,
  });

const setAccess = (granted: boolean) =>
  backend.sql(
    `update consultation_access set granted = ${granted}
     where session_id = '${sessionId}' and user_id = '${doctorId}'`,
  );

const ignore = (): void => {};

/** The sync of one workstation. */
const start = (change: Partial<Remote> = {}): SyncEngine => {
  return startSync({
    cache,
    remote: { ...createRemote(doctor, doctorId), ...change },
    settleMs: 500,
    events: {
      onState: ignore,
      onAppointments: ignore,
      onSession: ignore,
      onMessages: ignore,
      onBug: (error) => {
        throw error;
      },
    },
  });
};

beforeAll(async () => {
  backend = await startLocalSupabase({ demo: true });
  doctor = await signedIn(DEMO_DOCTOR.email);
  patient = await signedIn(DEMO_PATIENT.email);
  const [booked] = await backend.sql(
    `select id from appointments
     where doctor_id = '${doctorId}' and patient_id = '${patientId}'
       and not exists (select from consultation_sessions s where s.appointment_id = appointments.id)
     order by starts_at desc limit 1`,
  );
  appointmentId = AppointmentId.parse(booked?.["id"]);
  const row = await startConsultation(doctor, {
    appointmentId,
    patientId,
    doctorId,
    type: "chat",
  });
  sessionId = SessionId.parse(row.id);
});
afterAll(async () => {
  for (const client of [doctor, patient]) await client.realtime.disconnect();
  await backend.close();
});
beforeEach(async () => {
  test = makeStore();
  cache = await test.open({ userId: doctorId });
  engine = start();
  await engine.now();
});
afterEach(async () => {
  await engine.stop();
  await test.remove();
});

describe("a workstation on the real server side", () => {
  it("S1, S13: has the whole clinic of its doctor after the first pass", async () => {
    const { items } = await cache.read("sessions.list", { limit: 200, before: null });
    const [count] = await backend.sql(
      `select count(*)::int as n from consultation_sessions where doctor_id = '${doctorId}'`,
    );
    expect(items).toHaveLength(Number(count?.["n"]));
    expect(items.every(({ patientName, doctorName }) => patientName && doctorName)).toBe(true);
    for (const { id, lastSeq } of items) {
      const page = { sessionId: id, beforeSeq: null, limit: 500 };
      expect((await cache.read("messages.list", page)).messages).toHaveLength(lastSeq);
    }
    const { item, patient: person } = await cache.read("appointments.get", { appointmentId });
    expect(item).toMatchObject({ patientName: DEMO_PATIENT.fullName, session: { id: sessionId } });
    expect(person).toMatchObject({ dateOfBirth: DEMO_PATIENT.dateOfBirth, role: "patient" });
    expect(engine.state()).toMatchObject({ connection: "online", fault: null });
  });

  it("S14: shows what the patient writes, by its hint", async () => {
    await send("It began on Monday");
    await expect.poll(last, { timeout: 5_000 }).toMatchObject({
      content: "It began on Monday",
      senderKind: "patient",
      senderName: DEMO_PATIENT.fullName,
      delivery: "sent",
    });
  });

  it("S20: shows what the patient writes by the session's topic alone, ahead of any pass", async () => {
    await engine.stop();
    // A feed that does not answer: only the broadcast can bring it.
    const never = (signal: AbortSignal) =>
      new Promise<Fault>((resolve) => {
        signal.addEventListener("abort", () => resolve(fault("cancelled", "stopped")));
      });
    engine = start({ snapshot: never });
    const before = (await transcript()).length;
    await expect
      .poll(
        async () => {
          if ((await transcript()).length === before) await send("Told at once");
          return last();
        },
        { timeout: 10_000, interval: 1_000 },
      )
      .toMatchObject({ content: "Told at once", delivery: "sent" });
    await engine.stop();
    engine = start();
    await engine.now();
    expect(await last()).toMatchObject({ content: "Told at once" });
  });

  it("S10, S11: delivers what the doctor writes, once and in order", async () => {
    const ids = [newId(), newId(), newId()];
    for (const id of ids) {
      const message = { id, sessionId, content: `to you: ${id}`, senderName: DEMO_DOCTOR.fullName };
      await cache.write("message.queue", message);
    }
    engine.outboxChanged();
    await expect.poll(() => engine.state().queued).toBe(0);
    await engine.now();
    const mine = (await transcript()).slice(-3);
    expect(mine.map(({ id }) => id)).toEqual(ids);
    const { data } = await patient
      .from("consultation_messages")
      .select("id, seq")
      .in("id", ids)
      .order("seq");
    expect(data?.map(({ id }) => String(id))).toEqual(ids);
    expect(data?.map(({ seq }) => Number(seq))).toEqual(mine.map(({ seq }) => seq));
  });

  it("S5: erases what was erased, and takes the words of what was deleted", async () => {
    const [kept, erased, deleted] = [await send("kept"), await send("erased"), await send("wrong")];
    await engine.now();
    expect((await transcript()).slice(-3).map(({ content }) => content)).toEqual([
      "kept",
      "erased",
      "wrong",
    ]);
    await backend.sql(`delete from consultation_messages where id = '${erased.id}'`);
    await backend.sql(
      `update consultation_messages set deleted_at = now() where id = '${deleted.id}'`,
    );
    await engine.now();
    expect(await last()).toMatchObject({ id: kept.id });
    for (const text of ["erased", "wrong"]) {
      expect(await cache.read("messages.search", { text, limit: 10 })).toEqual([]);
    }
  });

  it("S7, S8: loses a revoked session at once, and has it again, whole, after a grant", async () => {
    await send("before the revocation");
    await engine.now();
    const before = (await transcript()).length;
    await setAccess(false);
    await expect
      .poll(() => transcript().catch((error: unknown) => error), { timeout: 5_000 })
      .toMatchObject({ code: "not_found" });
    await setAccess(true);
    await engine.now();
    expect(await transcript()).toHaveLength(before);
    expect((await transcript()).map(({ seq }) => seq)).toContain(1);
  });

  it("S6: fetches everything again after a restore", async () => {
    await send("before the restore");
    await engine.now();
    const before = await transcript();
    await backend.sql("select consultation_private.begin_new_epoch()");
    await engine.now();
    expect(await transcript()).toEqual(before);
    expect(await cache.read("feed.backfills", {})).toEqual([]);
  });

  it("S6: is told by the server that its cursor is ahead of it", async () => {
    const { signal } = new AbortController();
    const page = { prev: "99999999:99999999:", after: FEED_START, limit: 10 };
    const answer = await createRemote(doctor, doctorId).pullSince(page, signal);
    expect(answer).toMatchObject({ ok: false, fault: "history_changed" });
  });

  it("reads everything with the server gone, and says how old it is", async () => {
    await send("read me offline");
    await engine.now();
    const online = { list: await transcript(), asOf: engine.state().asOf };
    await engine.stop();
    await cache.close();
    cache = await test.open({ userId: doctorId });
    const page = { sessionId, beforeSeq: null, limit: 200 };
    const { messages, asOf } = await cache.read("messages.list", page);
    expect({ list: messages, asOf }).toEqual(online);
    engine = start();
  });

  it("S10: ends the session with its notes, after the last message, and turns later ones down", async () => {
    const id = newId();
    const message = { id, sessionId, content: "Get well", senderName: DEMO_DOCTOR.fullName };
    await cache.write("message.queue", message);
    await cache.write("end.queue", { sessionId, durationSeconds: 5, notes: "Rest and tea" });
    engine.outboxChanged();
    await expect.poll(() => engine.state().queued).toBe(0);
    await engine.now();
    const { session } = await cache.read("sessions.get", { sessionId });
    expect(session).toMatchObject({ status: "ended", endQueued: false, notes: "Rest and tea" });
    expect(await last()).toMatchObject({ id, delivery: "sent" });
    expect(engine.state()).toMatchObject({ refused: 0, fault: null });
    await expect(send("too late")).rejects.toMatchObject({ code: "already_ended" });
  });
});
