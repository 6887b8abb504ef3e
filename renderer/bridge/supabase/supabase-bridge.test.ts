import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import {
  PASSWORD,
  type TestPerson,
  type TestProject,
  openTestProject,
  until,
} from "#shared/consultation/testing/project.ts";
import type { Bridge, QueryIn, QueryName, QueryOut } from "#shared/contract/bridge.ts";
import type { Result } from "#shared/contract/fault.ts";
import { AppointmentId, newMessageId } from "#shared/model/ids.ts";
import type { Session } from "#shared/model/session.ts";
import { type SupabaseBridge, makeSupabaseBridge } from "./supabase-bridge.ts";

let project: TestProject;
let doctor: TestPerson;
let patient: TestPerson;
let bridges: SupabaseBridge[] = [];

beforeAll(async () => {
  project = await openTestProject();
  doctor = await project.makePerson("doctor", "Dr Lee");
  patient = await project.makePerson("patient", "Amara Okafor");
});
afterAll(() => project.close());
afterEach(() => {
  for (const bridge of bridges) bridge.close();
  bridges = [];
  patient.network.requests = "answered";
  doctor.network.requests = "answered";
  vi.unstubAllGlobals();
});

const open = (person: { client: TestPerson["client"] }): SupabaseBridge => {
  const bridge = makeSupabaseBridge(person.client);
  bridges.push(bridge);
  return bridge;
};

async function valueOf<T>(result: Promise<Result<T>>): Promise<T> {
  const settled = await result;
  if (!settled.ok) throw new Error(`${settled.fault}: ${settled.message}`);
  return settled.value;
}
const faultOf = async (result: Promise<Result<unknown>>): Promise<string> => {
  const settled = await result;
  return settled.ok ? "none" : settled.fault;
};
const read = <N extends QueryName>(
  bridge: Bridge,
  name: N,
  input: QueryIn<N>,
): Promise<QueryOut<N>> => valueOf(bridge.query(name, input));

const book = async () => AppointmentId.parse(await project.makeAppointment(patient, doctor));
const start = (bridge: Bridge, appointmentId: AppointmentId): Promise<Session> =>
  valueOf(bridge.request("session.start", { appointmentId, type: "chat" }));
const send = (bridge: Bridge, session: Session, content: string) =>
  valueOf(bridge.command("message.send", { id: newMessageId(), sessionId: session.id, content }));
const texts = async (bridge: Bridge, session: Session) =>
  (
    await read(bridge, "messages.list", { sessionId: session.id, beforeSeq: null, limit: 200 })
  ).messages.map(({ content, delivery }) => `${content}: ${delivery}`);

describe("the account", () => {
  it("signs in, says who it is, and signs out", async () => {
    const bridge = open({ client: project.anonymous() });
    const heard = vi.fn<(id?: string) => void>();
    bridge.subscribe("account.changed", () => heard());
    expect((await read(bridge, "account.current", {})).person).toBeNull();
    const signIn = (password: string) =>
      bridge.request("account.signIn", { email: patient.email, password });
    expect(await faultOf(signIn("wrong"))).toBe("wrong_credentials");
    const account = await valueOf(signIn(PASSWORD));
    expect(account).toMatchObject({
      configured: true,
      email: patient.email,
      person: { id: patient.id, name: "Amara Okafor", role: "patient" },
    });
    expect(await read(bridge, "account.current", {})).toEqual(account);
    await valueOf(bridge.request("account.signOut", { discardUnsent: false }));
    expect((await read(bridge, "account.current", {})).person).toBeNull();
    expect(heard.mock.calls.length).toBeGreaterThanOrEqual(2);
  });

  it("answers no read with an empty list when nobody is signed in", async () => {
    const bridge = open({ client: project.anonymous() });
    const range = { from: "2000-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z" };
    expect(await faultOf(bridge.query("appointments.list", range))).toBe("not_signed_in");
    expect(await faultOf(bridge.query("sessions.list", { limit: 5, before: null }))).toBe(
      "not_signed_in",
    );
  });

  it("turns an account away that the clinic does not know", async () => {
    const stranger = await project.makePerson("patient", "Passing By");
    await project.admin.from("profiles").delete().eq("id", stranger.id);
    const bridge = open({ client: project.anonymous() });
    const signingIn = bridge.request("account.signIn", {
      email: stranger.email,
      password: PASSWORD,
    });
    expect(await faultOf(signingIn)).toBe("account_blocked");
    expect((await read(bridge, "account.current", {})).person).toBeNull();
  });
});

describe("appointments and sessions", () => {
  it("lists the appointments of a range with names and the state of the latest session", async () => {
    const startsAt = new Date("2031-05-05T10:00:00Z");
    const id = AppointmentId.parse(await project.makeAppointment(patient, doctor, startsAt));
    const bridge = open(patient);
    const range = { from: "2031-05-05T00:00:00Z", to: "2031-05-06T00:00:00Z" };
    const before = await read(bridge, "appointments.list", range);
    expect(before.items).toMatchObject([
      { id, doctorName: "Dr Lee", patientName: "Amara Okafor", session: null, endedSessions: 0 },
    ]);
    const session = await start(bridge, id);
    const { item, patient: found } = await read(bridge, "appointments.get", { appointmentId: id });
    expect(item.session).toEqual({ id: session.id, status: "active" });
    expect(found?.name).toBe("Amara Okafor");
    const outside = await read(bridge, "appointments.list", {
      from: range.to,
      to: "2031-05-07T00:00:00Z",
    });
    expect(outside.items).toEqual([]);
  });

  it("pages through the history, and filters it by day and by name", async () => {
    const own = await project.makePerson("patient", "Page Turner");
    const bridge = open(own);
    const made: string[] = [];
    for (let at = 0; at < 5; at += 1) {
      const id = AppointmentId.parse(await project.makeAppointment(own, doctor));
      made.push((await start(bridge, id)).id);
    }
    const seen: string[] = [];
    let before: QueryIn<"sessions.list">["before"] = null;
    do {
      const page: QueryOut<"sessions.list"> = await read(bridge, "sessions.list", {
        limit: 2,
        before,
      });
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ id }) => id));
      before = page.next;
    } while (before !== null);
    expect(seen).toEqual(made.toReversed());
    const count = async (filter: { person?: string; day?: string }) =>
      (await read(bridge, "sessions.list", { limit: 50, before: null, ...filter })).items.length;
    expect(await count({ person: "lee" })).toBe(5);
    expect(await count({ person: "100%" })).toBe(0);
    // The other side's name is meant, not one's own.
    expect(await count({ person: "turner" })).toBe(0);
    expect(await count({ day: "2001-01-01" })).toBe(0);
    const today = new Date();
    const pad = (part: number) => String(part).padStart(2, "0");
    expect(
      await count({
        day: `${today.getFullYear()}-${pad(today.getMonth() + 1)}-${pad(today.getDate())}`,
      }),
    ).toBe(5);
  });

  it("tells the other side of a pause and of the end", async () => {
    const [asPatient, asDoctor] = [open(patient), open(doctor)];
    const session = await start(asDoctor, await book());
    const heard = vi.fn<(id?: string) => void>();
    asPatient.subscribe("session.changed", ({ sessionId }) => heard(sessionId));
    await read(asPatient, "sessions.get", { sessionId: session.id });
    const state = async () =>
      (await read(asPatient, "sessions.get", { sessionId: session.id })).session;
    await valueOf(
      asDoctor.request("session.setStatus", { sessionId: session.id, status: "paused" }),
    );
    await until(() => heard.mock.calls.some(([id]) => id === session.id), "the pause");
    expect((await state()).status).toBe("paused");
    heard.mockClear();
    await valueOf(
      asDoctor.command("session.end", {
        sessionId: session.id,
        durationSeconds: 5,
        notes: "Rest.",
      }),
    );
    await until(() => heard.mock.calls.some(([id]) => id === session.id), "the end");
    expect(await state()).toMatchObject({ status: "ended", notes: "Rest." });
    const listed = await read(asPatient, "sessions.listForAppointment", {
      appointmentId: session.appointmentId,
    });
    expect(listed).toMatchObject({ live: null, ended: [{ id: session.id }] });
  });

  it("lets the server's clock grow the duration", async () => {
    const bridge = open(doctor);
    const session = await start(bridge, await book());
    await new Promise((done) => setTimeout(done, 1_300));
    const touched = await valueOf(bridge.request("session.touch", { sessionId: session.id }));
    expect(touched.durationSeconds).toBeGreaterThanOrEqual(1);
  });
});

describe("messages", () => {
  let asPatient: SupabaseBridge;
  let asDoctor: SupabaseBridge;
  let session: Session;
  beforeEach(async () => {
    asPatient = open(patient);
    asDoctor = open(doctor);
    session = await start(asDoctor, await book());
  });

  it("shows a message as queued at once, then as sent, on both sides", async () => {
    const heard = vi.fn<(id?: string) => void>();
    asDoctor.subscribe("messages.changed", ({ sessionId }) => heard(sessionId));
    await texts(asDoctor, session);
    const queued = await send(asPatient, session, "Good morning");
    expect(queued).toMatchObject({ delivery: "queued", seq: null, senderKind: "patient" });
    await until(
      async () => (await texts(asPatient, session))[0] === "Good morning: sent",
      "sending",
    );
    await until(() => heard.mock.calls.length > 0, "the hint");
    await until(
      async () => (await texts(asDoctor, session))[0] === "Good morning: sent",
      "arrival",
    );
  });

  it("gives a transcript in pages, the oldest behind", async () => {
    for (const text of ["1", "2", "3", "4", "5"]) await send(asPatient, session, text);
    await until(
      async () => (await texts(asPatient, session)).every((line) => line.endsWith("sent")),
      "sending",
    );
    const page = async (beforeSeq: number | null) => {
      const { messages, more } = await read(asPatient, "messages.list", {
        sessionId: session.id,
        beforeSeq,
        limit: 2,
      });
      return { texts: messages.map(({ content }) => content), more };
    };
    expect(await page(null)).toEqual({ texts: ["4", "5"], more: true });
    expect(await page(4)).toEqual({ texts: ["2", "3"], more: true });
    expect(await page(2)).toEqual({ texts: ["1"], more: false });
  });

  it("keeps what cannot be sent, in order, and sends it once when the connection is back", async () => {
    await texts(asPatient, session);
    patient.network.requests = "never arrive";
    for (const text of ["one", "two", "three"]) await send(asPatient, session, text);
    await until(
      async () => (await read(asPatient, "sync.state", {})).connection === "offline",
      "offline",
    );
    expect((await read(asPatient, "sync.state", {})).queued).toBe(3);
    expect(await faultOf(asPatient.request("account.signOut", { discardUnsent: false }))).toBe(
      "unsent_work",
    );
    patient.network.requests = "answers are lost";
    await valueOf(asPatient.request("sync.now", {}));
    await new Promise((done) => setTimeout(done, 400));
    patient.network.requests = "answered";
    await valueOf(asPatient.request("sync.now", {}));
    await until(async () => (await texts(asDoctor, session)).length === 3, "all three");
    expect(await texts(asDoctor, session)).toEqual(["one: sent", "two: sent", "three: sent"]);
    await until(
      async () => (await read(asPatient, "sync.state", {})).queued === 0,
      "an empty queue",
    );
    expect(await texts(asPatient, session)).toEqual(["one: sent", "two: sent", "three: sent"]);
  });

  it("shows what the server refused, to be sent again or thrown away", async () => {
    await texts(asPatient, session);
    await valueOf(asDoctor.command("session.end", { sessionId: session.id, durationSeconds: 1 }));
    const message = await send(asPatient, session, "too late");
    await until(
      async () => (await texts(asPatient, session))[0] === "too late: refused",
      "the refusal",
    );
    const [shown] = (
      await read(asPatient, "messages.list", { sessionId: session.id, beforeSeq: null, limit: 5 })
    ).messages;
    expect(shown?.refusal).toContain("has ended");
    await valueOf(
      asPatient.command("message.retry", { id: message.id, content: "still too late" }),
    );
    await until(
      async () => (await texts(asPatient, session))[0] === "still too late: refused",
      "again",
    );
    await valueOf(asPatient.command("message.discard", { id: message.id }));
    expect(await texts(asPatient, session)).toEqual([]);
    expect(await faultOf(asPatient.command("message.discard", { id: message.id }))).toBe(
      "not_found",
    );
  });

  it("asks before the page is closed while something waits, and only then", async () => {
    asPatient.close();
    const page = new EventTarget();
    vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
    vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
    const bridge = open(patient);
    const closing = () => {
      const event = new Event("beforeunload", { cancelable: true });
      page.dispatchEvent(event);
      return event.defaultPrevented;
    };
    await texts(bridge, session);
    expect(closing()).toBe(false);
    patient.network.requests = "never arrive";
    await send(bridge, session, "unsent");
    expect(closing()).toBe(true);
    patient.network.requests = "answered";
    page.dispatchEvent(new Event("online"));
    await until(async () => (await read(bridge, "sync.state", {})).queued === 0, "sending");
    expect(closing()).toBe(false);
  });

  it("never sends one person's words in another's name", async () => {
    const shared = project.anonymous();
    await shared.auth.signInWithPassword({ email: patient.email, password: PASSWORD });
    const bridge = open({ client: shared });
    await texts(bridge, session);
    const other = await project.makePerson("patient", "Next At The Screen");
    const rest = vi.spyOn(shared, "from").mockImplementation(() => {
      throw new TypeError("fetch failed");
    });
    await valueOf(
      bridge.command("draft.save", { sessionId: session.id, field: "message", text: "mine" }),
    );
    await send(bridge, session, "from the one before");
    await shared.auth.signInWithPassword({ email: other.email, password: PASSWORD });
    rest.mockRestore();
    expect((await read(bridge, "sync.state", {})).queued).toBe(0);
    expect(await read(bridge, "drafts.get", { sessionId: session.id })).toEqual({
      message: "",
      notes: "",
    });
    await valueOf(bridge.request("sync.now", {}));
    expect(await texts(asDoctor, session)).toEqual([]);
  });
});

describe("the rest", () => {
  it("keeps drafts in memory, for this page alone", async () => {
    const bridge = open(patient);
    const session = await start(bridge, await book());
    const save = (text: string) =>
      valueOf(bridge.command("draft.save", { sessionId: session.id, field: "message", text }));
    await save("half a sente");
    expect(await read(bridge, "drafts.get", { sessionId: session.id })).toEqual({
      message: "half a sente",
      notes: "",
    });
    const another = open(patient);
    expect((await read(another, "drafts.get", { sessionId: session.id })).message).toBe("");
  });

  it("refuses what it does not offer, what is malformed and what is not there", async () => {
    const bridge = open(patient);
    const url = { url: "https://a.supabase.co", anonKey: "k" };
    expect(await faultOf(bridge.request("setup.test", url))).toBe("unsupported");
    expect(await faultOf(bridge.request("setup.save", url))).toBe("unsupported");
    expect(await faultOf(bridge.query("sessions.list", { limit: 0, before: null }))).toBe(
      "invalid_input",
    );
    const nothing = AppointmentId.parse("00000000-0000-4000-8000-000000000001");
    expect(await faultOf(bridge.query("appointments.get", { appointmentId: nothing }))).toBe(
      "not_found",
    );
    expect(
      await faultOf(bridge.request("session.start", { appointmentId: nothing, type: "chat" })),
    ).toBe("not_found");
  });

  it("answers a cancelled read at once", async () => {
    const bridge = open(patient);
    const reading = bridge.query("sessions.list", { limit: 5, before: null }, "call-1");
    bridge.cancel("call-1");
    expect(await faultOf(reading)).toBe("cancelled");
  });

  it("leaves every topic when nobody listens", async () => {
    const fresh = await project.another(patient);
    const bridge = open(fresh);
    const session = await start(bridge, await book());
    const stop = bridge.subscribe("messages.changed", () => undefined);
    await texts(bridge, session);
    await until(() => fresh.client.getChannels().length === 2, "user and session topics");
    stop();
    await until(() => fresh.client.getChannels().length === 0, "no topic left");
    expect(fresh.client.getChannels()).toEqual([]);
  });
});
