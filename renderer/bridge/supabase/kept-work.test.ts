import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import {
  PASSWORD,
  type TestPerson,
  type TestProject,
  openTestProject,
  until,
} from "#shared/consultation/testing/project.ts";
import type { Bridge } from "#shared/contract/bridge.ts";
import type { Result } from "#shared/contract/fault.ts";
import { AppointmentId, newMessageId } from "#shared/model/ids.ts";
import type { Session } from "#shared/model/session.ts";
import { type SupabaseBridge, makeSupabaseBridge } from "./supabase-bridge.ts";

let project: TestProject;
let doctor: TestPerson;
let patient: TestPerson;
let asDoctor: SupabaseBridge;
let asPatient: SupabaseBridge;
let session: Session;

async function valueOf<T>(result: Promise<Result<T>>): Promise<T> {
  const settled = await result;
  if (!settled.ok) throw new Error(`${settled.fault}: ${settled.message}`);
  return settled.value;
}
const send = (bridge: Bridge, content: string) =>
  valueOf(bridge.command("message.send", { id: newMessageId(), sessionId: session.id, content }));
const texts = async (bridge: Bridge) =>
  (
    await valueOf(
      bridge.query("messages.list", { sessionId: session.id, beforeSeq: null, limit: 200 }),
    )
  ).messages.map(({ content, delivery }) => `${content}: ${delivery}`);
const signInAgain = () =>
  valueOf(asPatient.request("account.signIn", { email: patient.email, password: PASSWORD }));
const queued = async () => (await valueOf(asPatient.query("sync.state", {}))).queued;
const draft = async () =>
  (await valueOf(asPatient.query("drafts.get", { sessionId: session.id }))).message;

beforeAll(async () => {
  project = await openTestProject();
  doctor = await project.makePerson("doctor", "Dr Lee");
});
afterAll(() => project.close());
beforeEach(async () => {
  patient = await project.makePerson("patient", "Amara Okafor");
  asDoctor = makeSupabaseBridge(doctor.client);
  asPatient = makeSupabaseBridge(patient.client);
  const appointmentId = AppointmentId.parse(await project.makeAppointment(patient, doctor));
  session = await valueOf(asDoctor.request("session.start", { appointmentId, type: "chat" }));
  return () => {
    asDoctor.close();
    asPatient.close();
  };
});

describe("what a patient has written", () => {
  beforeEach(async () => {
    await texts(asPatient);
    patient.network.requests = "never arrive";
    await send(asPatient, "written without network");
    await valueOf(
      asPatient.command("draft.save", { sessionId: session.id, field: "message", text: "half" }),
    );
  });

  it("waits while the sign-in has run out, and is sent when the same person is back", async () => {
    await patient.client.auth.signOut({ scope: "local" });
    patient.network.requests = "answered";
    expect((await valueOf(asPatient.query("account.current", {}))).person).toBeNull();
    await valueOf(asPatient.request("sync.now", {}));
    expect(await queued()).toBe(1);
    await signInAgain();
    await until(async () => (await texts(asDoctor)).length === 1, "the message");
    expect(await texts(asDoctor)).toEqual(["written without network: sent"]);
    expect(await draft()).toBe("half");
  });

  it("is gone when somebody else signs in after the sign-in had run out", async () => {
    const other = await project.makePerson("patient", "Next At The Screen");
    await patient.client.auth.signOut({ scope: "local" });
    patient.network.requests = "answered";
    const { email } = other;
    await valueOf(asPatient.request("account.signIn", { email, password: PASSWORD }));
    expect([await queued(), await draft()]).toEqual([0, ""]);
    await signInAgain();
    expect([await queued(), await draft()]).toEqual([0, ""]);
    expect(await texts(asDoctor)).toEqual([]);
  });

  it("is gone when he has signed out on purpose, even without network", async () => {
    await valueOf(asPatient.request("account.signOut", { discardUnsent: true }));
    patient.network.requests = "answered";
    await signInAgain();
    expect([await queued(), await draft()]).toEqual([0, ""]);
    expect(await texts(asDoctor)).toEqual([]);
  });
});

it("ends no consultation before the words that were written in it are sent", async () => {
  await texts(asDoctor);
  const rest = vi.spyOn(doctor.client, "from").mockImplementation(() => {
    throw new TypeError("fetch failed");
  });
  await send(asDoctor, "take one a day");
  const end = () =>
    asDoctor.command("session.end", { sessionId: session.id, durationSeconds: 1, notes: "rest" });
  expect(await end()).toMatchObject({ ok: false, fault: "unsent_work" });
  rest.mockRestore();
  await valueOf(end());
  expect(await texts(asPatient)).toEqual(["take one a day: sent"]);
});

it("shows no message that the clinic has taken back", async () => {
  await send(asDoctor, "meant for another");
  await until(async () => (await texts(asPatient)).length === 1, "arrival");
  await project.admin
    .from("consultation_messages")
    .update({ deleted_at: new Date().toISOString() })
    .eq("session_id", session.id);
  expect(await texts(asPatient)).toEqual([]);
});
