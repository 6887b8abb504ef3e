import { randomUUID } from "node:crypto";
import type { SupabaseClient } from "@supabase/supabase-js";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ConsultationError } from "./consultation-error.ts";
import { MessageRow, type SessionRow } from "./rows.ts";
import { type ConsultationService, makeConsultationService } from "./service.ts";
import type { Fate } from "./testing/bad-network.ts";
import { type TestPerson, type TestProject, openTestProject, until } from "./testing/project.ts";
import { sessionTopic } from "./topics.ts";

const timings = { settleMs: 300, checkMs: 1_000, pollMs: 300, offMs: 1_500 };

let project: TestProject;
let doctor: TestPerson;
let patient: TestPerson;
let asDoctor: ConsultationService;
let asPatient: ConsultationService;
let session: SessionRow;
let stops: (() => void)[] = [];

beforeAll(async () => {
  project = await openTestProject();
  doctor = await project.makePerson("doctor", "Dr Lee");
  patient = await project.makePerson("patient", "Amara Okafor");
  asDoctor = makeConsultationService(doctor.client);
  asPatient = makeConsultationService(patient.client);
});
afterAll(() => project.close());

beforeEach(async () => {
  const appointmentId = await project.makeAppointment(patient, doctor);
  session = await asDoctor.createSession(appointmentId, patient.id, doctor.id, "chat");
});
afterEach(() => {
  for (const stop of stops) stop();
  stops = [];
  doctor.network.fate = () => "arrives";
  doctor.network.requests = "answered";
  doctor.network.socketsOpen = true;
  doctor.network.replyDelayMs = 0;
});

const send = (text: string) =>
  asPatient.sendMessage(session.id, patient.id, "patient", "Amara", text);
const numbered = (count: number) => Array.from({ length: count }, (_, at) => `message ${at + 1}`);

/** Subscribes as the guide does and keeps what comes. */
function hear(service = asDoctor, afterSeq?: number, clock = timings) {
  const heard: MessageRow[] = [];
  const faults: ConsultationError[] = [];
  const stop = service.subscribeToMessages(session.id, (message) => heard.push(message), {
    ...(afterSeq === undefined ? {} : { afterSeq }),
    onFault: (fault) => faults.push(fault),
    timings: clock,
  });
  stops.push(stop);
  return {
    heard,
    faults,
    stop,
    texts: () => heard.map((message) => message.content),
    waitFor: (count: number, withinMs?: number) =>
      until(() => heard.length >= count, `${count} messages, ${heard.length} came`, withinMs),
  };
}

/** What a subscription does that only listens: the guard of the cursor is off. */
async function hearBroadcastsOnly(client: SupabaseClient): Promise<number[]> {
  const seen: number[] = [];
  await client.realtime.setAuth();
  const channel = client.channel(sessionTopic(session.id, session.topic_key ?? ""), {
    config: { private: true },
  });
  await new Promise<void>((resolve) => {
    channel
      .on("broadcast", { event: "message" }, ({ payload }) => {
        seen.push(MessageRow.parse(payload).seq);
      })
      .subscribe((status) => {
        if (status === "SUBSCRIBED") resolve();
      });
  });
  stops.push(() => void client.removeChannel(channel));
  return seen;
}

describe("subscribeToMessages", () => {
  it("hears both sides at once, from the first message after subscribing", async () => {
    await send("before");
    const { heard, texts, waitFor } = hear();
    await asDoctor.sendMessage(session.id, doctor.id, "doctor", "Dr Lee", "own");
    await send("other");
    await waitFor(2);
    expect(texts()).toEqual(["own", "other"]);
    expect(heard.map(({ seq }) => seq)).toEqual([2, 3]);
  });

  it("gives the transcript first when asked to, through all its pages", async () => {
    const rows = numbered(450).map((content) => ({
      id: randomUUID(),
      session_id: session.id,
      sender_id: patient.id,
      sender_role: "patient",
      sender_name: "Amara",
      message_type: "text",
      content,
    }));
    const { error } = await patient.client.from("consultation_messages").insert(rows);
    expect(error).toBeNull();
    const { texts, heard, waitFor } = hear(asDoctor, 0);
    await waitFor(450);
    await send("and one more");
    await waitFor(451);
    expect(texts()).toEqual([...numbered(450), "and one more"]);
    expect(new Set(heard.map(({ id }) => id)).size).toBe(451);
  });

  it("stops when it is told to, and leaves the other subscription alone", async () => {
    const first = hear();
    const second = hear();
    await send("one");
    await Promise.all([first.waitFor(1), second.waitFor(1)]);
    first.stop();
    await send("two");
    await second.waitFor(2);
    expect(first.texts()).toEqual(["one"]);
    second.stop();
    await until(() => doctor.client.getChannels().length === 0, "the topic to be left");
  });

  it("joins again at once after the last listener has just gone", async () => {
    // So seldom asked, only the topic itself can bring it in time.
    const seldom = { settleMs: 60_000, checkMs: 60_000, pollMs: 60_000, offMs: 60_000 };
    const first = hear(asDoctor, undefined, seldom);
    await send("one");
    await first.waitFor(1);
    // The answer to leaving is still on its way when the next one joins.
    doctor.network.replyDelayMs = 200;
    first.stop();
    const second = hear(asDoctor, undefined, seldom);
    await new Promise((done) => setTimeout(done, 1_000));
    await send("two");
    await second.waitFor(1, 2_000);
    expect(second.texts()).toEqual(["two"]);
  });

  const fates: [string, (frame: number) => Fate][] = [
    ["lost", () => "is lost"],
    ["doubled", () => "comes twice"],
    ["out of order", (frame) => (frame % 3 === 0 ? "comes late" : "arrives")],
    [
      "all of it at once",
      (frame) => (["is lost", "comes twice", "comes late", "arrives"] as const)[frame % 4]!,
    ],
  ];
  it.each(fates)(
    "delivers each message once and in order when broadcasts are %s",
    async (_, fate) => {
      const bare = await project.another(doctor);
      bare.network.fate = fate;
      const broadcast = await hearBroadcastsOnly(bare.client);
      doctor.network.fate = fate;
      const stream = hear();
      await send("message 1");
      for (const text of numbered(24).slice(1)) await send(text);
      await stream.waitFor(24);
      await new Promise((done) => setTimeout(done, 300));
      expect(stream.texts()).toEqual(numbered(24));
      // The same frames, listened to without a cursor: not what was sent.
      expect(broadcast).not.toEqual(numbered(24).map((_text, at) => at + 1));
    },
  );

  it("delivers what was written while the connection was cut, each once", async () => {
    const bare = await project.another(doctor);
    const broadcast = await hearBroadcastsOnly(bare.client);
    const stream = hear();
    await send("message 1");
    await stream.waitFor(1);
    for (const [at, text] of numbered(41).slice(1).entries()) {
      if (at % 8 === 0) {
        doctor.network.cut();
        bare.network.cut();
      }
      await send(text);
    }
    await stream.waitFor(41, 20_000);
    expect(stream.texts()).toEqual(numbered(41));
    expect(broadcast.length).toBeLessThan(41);
  });

  it("goes on when requests fail for a while, and says so meanwhile", async () => {
    const stream = hear();
    await send("message 1");
    await stream.waitFor(1);
    doctor.network.requests = "never arrive";
    doctor.network.cut();
    await send("message 2");
    await until(() => stream.faults.some(({ code }) => code === "offline"), "the fault");
    await send("message 3");
    doctor.network.requests = "answered";
    await stream.waitFor(3);
    expect(stream.texts()).toEqual(numbered(3));
  });

  it("asks the table when live updates cannot be had, and says that Realtime is off", async () => {
    const elsewhere = await project.another(doctor);
    elsewhere.network.socketsOpen = false;
    const stream = hear(makeConsultationService(elsewhere.client));
    await new Promise((done) => setTimeout(done, 500));
    await send("message 1");
    await stream.waitFor(1);
    await until(() => stream.faults.some(({ code }) => code === "realtime_off"), "the fault");
    expect(stream.texts()).toEqual(["message 1"]);
  });

  it("follows the topic when its key rotates, and tells the one who was revoked nothing", async () => {
    const stream = hear();
    const revoked = hear(asPatient);
    await send("message 1");
    await Promise.all([stream.waitFor(1), revoked.waitFor(1)]);
    const { error } = await project.admin
      .from("consultation_access")
      .update({ granted: false })
      .match({ session_id: session.id, user_id: patient.id });
    expect(error).toBeNull();
    await asDoctor.sendMessage(session.id, doctor.id, "doctor", "Dr Lee", "after");
    await stream.waitFor(2);
    await asDoctor.sendMessage(session.id, doctor.id, "doctor", "Dr Lee", "later");
    await stream.waitFor(3);
    await new Promise((done) => setTimeout(done, 1_500));
    expect(stream.texts()).toEqual(["message 1", "after", "later"]);
    expect(revoked.texts()).toEqual(["message 1"]);
    const old = sessionTopic(session.id, session.topic_key ?? "");
    await until(() => doctor.client.getChannels().length === 1, "one topic");
    const [joined] = doctor.client.getChannels();
    expect(joined).toMatchObject({ state: "joined" });
    expect(joined?.subTopic).toMatch(new RegExp(`^session:${session.id}:`));
    expect(joined?.subTopic).not.toBe(old);
    expect(revoked.faults.map(({ code }) => code)).toContain("not_found");
  });

  it("does not believe a broadcast that no message stands behind", async () => {
    const stream = hear();
    await send("message 1");
    await stream.waitFor(1);
    const { error } = await project.admin
      .channel(sessionTopic(session.id, session.topic_key ?? ""), { config: { private: true } })
      .httpSend("message", { ...stream.heard[0], seq: 2, id: randomUUID(), content: "forged" })
      .then(
        () => ({ error: null }),
        (failure: unknown) => ({ error: failure }),
      );
    expect(error).toBeNull();
    await send("message 2");
    await stream.waitFor(2);
    expect(stream.texts()).toEqual(numbered(2));
  });
});
