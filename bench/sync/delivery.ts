import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { WebSocket } from "ws";
import { insertMessage, startConsultation } from "#shared/consultation/calls.ts";
import { linkUser } from "#shared/consultation/user-link.ts";
import { AppointmentId, newMessageId, SessionId, UserId } from "#shared/model/ids.ts";
import { DEMO_DOCTOR, DEMO_PATIENT, type DemoPerson } from "#db/seed/people.ts";
import { openCache, type Cache } from "#electron/cache/cache.ts";
import { createRemote } from "#electron/remote/remote.ts";
import { startSync, type SyncEvents } from "#electron/sync/engine.ts";
import { row, type Row } from "../lib/results.ts";
import type { Run } from "../lib/run.ts";
import { summarise } from "../lib/samples.ts";
import { quiet } from "./first-pull.ts";
import { startServer, type ServerProcess } from "./server-process.ts";

const WAIT_MS = 15_000;
const doctorId = UserId.parse(DEMO_DOCTOR.id);

async function signIn(server: ServerProcess, person: DemoPerson): Promise<SupabaseClient> {
  const client = createClient(server.url, server.anonKey, {
    auth: {
      persistSession: false,
      autoRefreshToken: false,
      detectSessionInUrl: false,
      storageKey: crypto.randomUUID(),
    },
    realtime: { transport: WebSocket as never },
  });
  const { email, password } = person;
  const { error } = await client.auth.signInWithPassword({ email, password });
  if (error) throw error;
  await client.realtime.setAuth();
  return client;
}

/** The next time that an event comes; rejects when it does not come. */
class Awaited {
  #wake: (() => void) | null = null;
  readonly happen = (): void => this.#wake?.();
  next(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("it never came")), WAIT_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** From the patient's send, over the embedded backend with Realtime, to the doctor's transcript; and revocations. */
export async function measureDelivery(run: Run, workerUrl: URL): Promise<Row[]> {
  run.progress("starting the embedded backend");
  const server = await startServer(run, { ask: "start", kind: "embedded" });
  const doctor = await signIn(server, DEMO_DOCTOR);
  const bare = await signIn(server, DEMO_DOCTOR);
  const patient = await signIn(server, DEMO_PATIENT);
  run.onEnd(() => Promise.all([doctor, bare, patient].map((client) => client.removeAllChannels())));
  const sessionId = await startSession(server, doctor);
  const cache = await openCache({
    folder: join(run.folder, "delivered"),
    userId: doctorId,
    key: randomBytes(32),
    workerUrl,
  });
  run.onEnd(() => cache.close());

  const messages = new Awaited();
  const sessions = new Awaited();
  const hints = new Awaited();
  const joined = new Awaited();
  const first = joined.next();
  run.onEnd(
    linkUser(bare, doctorId, {
      joined: joined.happen,
      hint: hints.happen,
      lost: () => undefined,
    }),
  );
  await first;
  const events: SyncEvents = { ...quiet, onMessages: messages.happen, onSession: sessions.happen };
  const engine = startSync({ cache, remote: createRemote(doctor, doctorId), events });
  run.onEnd(() => engine.stop());
  await isStored(cache, sessionId, true);
  // Changes begin to flow some seconds after a channel is joined.
  await pause(4_000);
  return [
    ...(await measureMessages(run, { cache, patient, bare, sessionId, hints })),
    await measureRevocations(run, { cache, server, sessionId, hints }),
  ];
}

async function startSession(server: ServerProcess, doctor: SupabaseClient): Promise<SessionId> {
  const answer = await server.ask({
    ask: "sql",
    sql: `insert into appointments (id, patient_id, doctor_id, starts_at, duration_minutes, type, status)
      values (gen_random_uuid(), '${DEMO_PATIENT.id}', '${DEMO_DOCTOR.id}', now(), 15, 'chat', 'booked')
      returning id`,
  });
  const id = "rows" in answer ? answer.rows[0]?.["id"] : undefined;
  const appointmentId = AppointmentId.parse(id);
  const started = await startConsultation(doctor, {
    appointmentId,
    patientId: DEMO_PATIENT.id,
    doctorId: DEMO_DOCTOR.id,
    type: "chat",
  });
  return SessionId.parse(started.id);
}

type Clinic = { cache: Cache; sessionId: SessionId; hints: Awaited };

async function measureMessages(
  run: Run,
  {
    cache,
    patient,
    bare,
    sessionId,
    hints,
  }: Clinic & { patient: SupabaseClient; bare: SupabaseClient },
): Promise<Row[]> {
  const rounds = run.size.quick ? 10 : 60;
  const visible: number[] = [];
  const limit: number[] = [];
  const trips: number[] = [];
  for (let round = 0; round < rounds; round++) {
    run.progress("messages to the other side", round, rounds);
    const id = newMessageId();
    const hint = hints.next();
    const start = performance.now();
    const sent = insertMessage(patient, {
      id,
      session_id: sessionId,
      sender_id: UserId.parse(DEMO_PATIENT.id),
      sender_role: "patient",
      sender_name: "",
      message_type: "text",
      content: "It hurts more in the evening than in the morning.",
    }).then(() => trips.push(performance.now() - start));
    const pullBare = async (): Promise<void> => {
      await hint;
      const { error } = await bare
        .from("consultation_messages")
        .select("content")
        .eq("id", id)
        .single();
      if (error) throw error;
      limit.push(performance.now() - start);
    };
    const barePull = pullBare();
    await isShown(cache, sessionId, id);
    visible.push(performance.now() - start);
    await Promise.all([sent, barePull]);
    await pause(50);
  }
  const trip = summarise(trips);
  return [
    row({
      goal: "the other side's message is in the transcript",
      target: { is: "at most", value: 150 + trip.p50, unit: "ms" },
      measured: summarise(visible),
      limit: { what: "bare: the hint on a socket, one select", value: summarise(limit) },
      note: "the goal is 150 ms and a round trip, which is the median of the bare insert; embedded backend (PGlite) in a process of its own",
    }),
  ];
}

async function measureRevocations(
  run: Run,
  { cache, server, sessionId, hints }: Clinic & { server: ServerProcess },
): Promise<Row> {
  const rounds = run.size.quick ? 3 : 15;
  const gone: number[] = [];
  const limit: number[] = [];
  const setAccess = (granted: boolean) =>
    server.ask({
      ask: "sql",
      sql: `update consultation_access set granted = ${granted}
        where session_id = '${sessionId}' and user_id = '${doctorId}'`,
    });
  for (let round = 0; round < rounds; round++) {
    run.progress("revocations over the network", round, rounds);
    const start = performance.now();
    const hint = hints.next().then(() => limit.push(performance.now() - start));
    await setAccess(false);
    await isStored(cache, sessionId, false);
    gone.push(performance.now() - start);
    await hint;
    await setAccess(true);
    await isStored(cache, sessionId, true);
    await pause(200);
  }
  return row({
    goal: "revoked on the server → gone from the local store",
    target: { is: "at most", value: 1_000, unit: "ms" },
    measured: summarise(gone),
    limit: { what: "bare: the hint on a socket", value: summarise(limit) },
  });
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + WAIT_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error("waited in vain");
    await pause(2);
  }
}

const isShown = (cache: Cache, sessionId: SessionId, id: string): Promise<void> =>
  until(async () => {
    const { messages } = await cache.read("messages.list", {
      sessionId,
      beforeSeq: null,
      limit: 20,
    });
    return messages.some((message) => message.id === id);
  });

const isStored = (cache: Cache, sessionId: SessionId, stored: boolean): Promise<void> =>
  until(async () => {
    const found = await cache.read("sessions.get", { sessionId }).then(
      () => true,
      () => false,
    );
    return found === stored;
  });
