import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startLocalSupabase } from "#db/local/start.ts";
import { createClient } from "@supabase/supabase-js";
import { ConsultationError } from "./consultation-error.ts";
import { type ConsultationService, makeConsultationService } from "./service.ts";
import { type TestPerson, type TestProject, openTestProject } from "./testing/project.ts";

let project: TestProject;
let doctor: TestPerson;
let patient: TestPerson;
let stranger: TestPerson;
let asDoctor: ConsultationService;
let asPatient: ConsultationService;
let asStranger: ConsultationService;

beforeAll(async () => {
  project = await openTestProject();
  doctor = await project.makePerson("doctor", "Dr Lee");
  patient = await project.makePerson("patient", "Amara Okafor");
  stranger = await project.makePerson("patient", "Somebody Else");
  asDoctor = makeConsultationService(doctor.client);
  asPatient = makeConsultationService(() => patient.client);
  asStranger = makeConsultationService(stranger.client);
});
afterAll(() => project.close());

const book = (startsAt?: Date) => project.makeAppointment(patient, doctor, startsAt);
const open = async (service = asDoctor) =>
  service.createSession(await book(), patient.id, doctor.id, "chat");

/** The code that a call fails with; fails itself when the call does not. */
const codeOf = async (call: Promise<unknown>): Promise<string> => {
  const failure = await call.then(
    () => null,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(ConsultationError);
  return (failure as ConsultationError).code;
};

const create = (service: ConsultationService, id: string, patientId = patient.id) =>
  codeOf(service.createSession(id, patientId, doctor.id, "chat"));

describe("createSession", () => {
  it("makes a session and answers its row", async () => {
    const appointmentId = await book();
    const session = await asPatient.createSession(appointmentId, patient.id, doctor.id, "video");
    expect(session).toMatchObject({
      appointment_id: appointmentId,
      patient_id: patient.id,
      doctor_id: doctor.id,
      consultation_type: "video",
      status: "active",
      ended_at: null,
      notes: null,
    });
  });

  it("gives both sides the same session, however close together they come", async () => {
    for (let round = 0; round < 5; round += 1) {
      const appointmentId = await book();
      const [one, two] = await Promise.all(
        [asDoctor, asPatient].map((side) =>
          side.createSession(appointmentId, patient.id, doctor.id, "chat"),
        ),
      );
      expect(one?.id).toBe(two?.id);
    }
  });

  it("starts a new session when the last one has ended", async () => {
    const appointmentId = await book();
    const start = () => asDoctor.createSession(appointmentId, patient.id, doctor.id, "chat");
    const first = await start();
    await asDoctor.endSession(first.id, 1);
    const second = await start();
    expect(second.id).not.toBe(first.id);
    expect((await start()).id).toBe(second.id);
  });

  it("says what is wrong", async () => {
    const appointmentId = await book();
    expect(await create(asDoctor, appointmentId, stranger.id)).toBe("appointment_mismatch");
    expect(await create(asStranger, appointmentId)).toBe("refused");
    expect(await create(asDoctor, randomUUID())).toBe("not_found");
    expect(await create(asDoctor, "appointment-1")).toBe("invalid_input");
  });
});

describe("sendMessage", () => {
  it("stores the text as it was typed, numbered, under the name that the clinic knows", async () => {
    const session = await open();
    const text = "  Ünïcode 👩‍⚕️ \n<b>and</b> 'quotes' ";
    const first = await asPatient.sendMessage(session.id, patient.id, "patient", "John Doe", text);
    expect(first).toMatchObject({
      session_id: session.id,
      sender_id: patient.id,
      sender_role: "patient",
      sender_kind: "patient",
      sender_name: "Amara Okafor",
      message_type: "text",
      content: text,
      seq: 1,
    });
    const second = await asDoctor.sendMessage(session.id, doctor.id, "doctor", "Dr Lee", "Hello");
    expect(second).toMatchObject({ seq: 2, sender_role: "doctor" });
  });

  it("sends exactly once when the answer is lost", async () => {
    const session = await open();
    patient.network.requests = "answers are lost";
    const sending = asPatient.sendMessage(session.id, patient.id, "patient", "A", "Once only");
    await new Promise((done) => setTimeout(done, 600));
    patient.network.requests = "answered";
    const sent = await sending;
    const { count } = await project.admin
      .from("consultation_messages")
      .select("id", { count: "exact", head: true })
      .eq("session_id", session.id);
    expect(count).toBe(1);
    expect(sent).toMatchObject({ seq: 1, content: "Once only" });
  });

  it("says offline when the connection does not come back", async () => {
    const session = await open();
    patient.network.requests = "never arrive";
    const code = await codeOf(
      asPatient.sendMessage(session.id, patient.id, "patient", "A", "Nobody hears"),
    );
    patient.network.requests = "answered";
    expect(code).toBe("offline");
  });

  it.each([400, 403, 404])(
    "does not take a %i from something on the way for the server's last word",
    async (status) => {
      const session = await open();
      patient.network.interceptor = () => new Response("<html>Log in first</html>", { status });
      const code = await codeOf(
        asPatient.sendMessage(session.id, patient.id, "patient", "A", "Hello"),
      );
      patient.network.interceptor = null;
      expect(code).toBe("server");
    },
  );

  it("says what is wrong, and never in the words that were typed", async () => {
    const session = await open();
    const send = (service: ConsultationService, who: TestPerson, text = "Hello") =>
      codeOf(service.sendMessage(session.id, who.id, "patient", who.name, text));
    expect(await send(asPatient, patient, "  \n ")).toBe("invalid_input");
    expect(await send(asPatient, patient, "x".repeat(10_001))).toBe("invalid_input");
    expect(await send(asPatient, doctor)).toBe("refused");
    expect(await send(asStranger, stranger)).toBe("not_found");
    expect(
      await codeOf(asPatient.sendMessage(randomUUID(), patient.id, "patient", "A", "Hello")),
    ).toBe("not_found");
    await asDoctor.endSession(session.id, 1);
    const failure = await asPatient
      .sendMessage(session.id, patient.id, "patient", "A", "secret words")
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "already_ended" });
    expect(String(failure)).not.toContain("secret words");
  });
});

describe("endSession", () => {
  it("marks the session as ended with its notes; again changes nothing", async () => {
    const session = await open();
    const ended = await asDoctor.endSession(session.id, 0, "Blood pressure is fine.");
    expect(ended).toMatchObject({ status: "ended", notes: "Blood pressure is fine." });
    expect(ended.ended_at).not.toBeNull();
    expect(await asDoctor.endSession(session.id, 0)).toEqual(ended);
  });

  it("clamps a duration that cannot be", async () => {
    const session = await open();
    const ended = await asDoctor.endSession(session.id, 86_400);
    expect(ended.duration_seconds).toBeLessThan(60);
  });

  it("leaves signed notes as they are, and says so", async () => {
    const session = await open();
    await asDoctor.endSession(session.id, 0, "First");
    const { error } = await project.admin
      .from("consultation_sessions")
      .update({ signed_at: new Date().toISOString() })
      .eq("id", session.id);
    expect(error).toBeNull();
    expect(await codeOf(asDoctor.endSession(session.id, 0, "Changed"))).toBe("already_signed");
    const [stored] = await asDoctor.getSessionHistory(doctor.id, "doctor", 1);
    expect(stored).toMatchObject({ id: session.id, notes: "First" });
  });

  it("is the doctor's to do", async () => {
    const session = await open();
    expect(await codeOf(asPatient.endSession(session.id, 1))).toBe("refused");
    expect(await codeOf(asStranger.endSession(session.id, 1))).toBe("refused");
    expect(await codeOf(asDoctor.endSession(randomUUID(), 1))).toBe("not_found");
  });
});

describe("getSessionHistory", () => {
  it("lists the newest first, as many as asked for, for the side that is asked", async () => {
    const own = await project.makePerson("patient", "Fresh Patient");
    const asOwn = makeConsultationService(own.client);
    const made: string[] = [];
    for (let index = 0; index < 3; index += 1) {
      const appointmentId = await project.makeAppointment(own, doctor);
      made.push((await asOwn.createSession(appointmentId, own.id, doctor.id, "chat")).id);
    }
    const ids = async (limit: number) =>
      (await asOwn.getSessionHistory(own.id, "patient", limit)).map(({ id }) => id);
    expect(await ids(20)).toEqual(made.toReversed());
    expect(await ids(2)).toEqual(made.toReversed().slice(0, 2));
    expect(await asOwn.getSessionHistory(own.id, "doctor", 20)).toEqual([]);
  });

  it("never answers a failure with an empty list", async () => {
    const nobody = makeConsultationService(project.anonymous());
    expect(await codeOf(nobody.getSessionHistory(patient.id, "patient", 20))).toBe("not_signed_in");
    expect(await codeOf(asPatient.getSessionHistory(doctor.id, "doctor", 20))).toBe("refused");
    patient.network.requests = "never arrive";
    const code = await codeOf(asPatient.getSessionHistory(patient.id, "patient", 20));
    patient.network.requests = "answered";
    expect(code).toBe("offline");
  });
});

describe("a project without the script", () => {
  it("is told in every call that the tables are missing", async () => {
    const blank = await startLocalSupabase();
    try {
      const client = createClient(blank.url, blank.anonKey, { auth: { persistSession: false } });
      await blank.createUser({ email: "a@example.org", password: "long enough" });
      const { data } = await client.auth.signInWithPassword({
        email: "a@example.org",
        password: "long enough",
      });
      const userId = data.user?.id ?? "";
      const service = makeConsultationService(client);
      const [a, b] = [randomUUID(), randomUUID()];
      expect(await codeOf(service.createSession(a, userId, b, "chat"))).toBe("tables_missing");
      expect(await codeOf(service.sendMessage(a, userId, "patient", "A", "Hi"))).toBe(
        "tables_missing",
      );
      expect(await codeOf(service.endSession(a, 1))).toBe("tables_missing");
      expect(await codeOf(service.getSessionHistory(userId, "patient", 5))).toBe("tables_missing");
    } finally {
      await blank.close();
    }
  });
});
