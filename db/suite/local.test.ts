import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildScript } from "../build.ts";
import { type LocalSupabase, startLocalSupabase } from "../local/start.ts";
import { DEMO_DOCTOR, DEMO_PATIENT, DEMO_STRANGER, type DemoPerson } from "../seed/people.ts";

describe("the script on the embedded Supabase", () => {
  let local: LocalSupabase;

  beforeAll(async () => {
    local = await startLocalSupabase({ demo: true });
  });
  afterAll(() => local.close());

  const ask = async (path: string, body: unknown, token: string = local.anonKey) => {
    const answer = await fetch(`${local.url}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        apikey: local.anonKey,
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        prefer: "return=representation",
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as unknown };
  };
  const signIn = async ({ email, password }: DemoPerson): Promise<string> => {
    const { body } = await ask("/auth/v1/token?grant_type=password", { email, password });
    return (body as { access_token: string }).access_token;
  };

  it("finds everything in place, the first time and the second", async () => {
    const report = () => local.sql("select item, todo from consultation_private.report()");
    const lines = await report();
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((line) => line.todo !== "ok")).toEqual([]);
    const again = await local.sql(buildScript());
    expect(again.filter((line) => line.todo !== "ok")).toEqual([]);
  });

  it("carries a consultation over REST: function, plain insert, feed, end; and nothing to a stranger", async () => {
    const [doctor, patient, stranger] = [
      await signIn(DEMO_DOCTOR),
      await signIn(DEMO_PATIENT),
      await signIn(DEMO_STRANGER),
    ];
    const booked = await ask(
      "/rest/v1/clinic_appointments?select=id,patient_id,doctor_id&status=eq.booked",
      undefined,
      patient,
    );
    const [appointment] = booked.body as { id: string; patient_id: string; doctor_id: string }[];
    const start = (token: string) =>
      ask(
        "/rest/v1/rpc/start_consultation",
        {
          p_appointment_id: appointment?.id,
          p_patient_id: appointment?.patient_id,
          p_doctor_id: appointment?.doctor_id,
          p_consultation_type: "chat",
        },
        token,
      );
    const started = await start(patient);
    const session = started.body as { id: string; topic_key: string };
    expect((await start(doctor)).body).toMatchObject({ id: session.id });
    expect(await start(stranger)).toMatchObject({ status: 403, body: { code: "42501" } });

    const message = {
      session_id: session.id,
      sender_id: DEMO_PATIENT.id,
      sender_role: "doctor",
      sender_name: "Dr Nobody",
      content: "hello",
    };
    const sent = await ask("/rest/v1/consultation_messages", message, patient);
    expect(sent).toMatchObject({
      status: 201,
      body: [{ seq: 1, sender_role: "patient", sender_name: DEMO_PATIENT.fullName }],
    });
    expect((await ask("/rest/v1/consultation_messages", message, doctor)).status).toBe(403);

    const all = {
      p_prev: null,
      p_after_xid: "0",
      p_after_id: "00000000-0000-0000-0000-000000000000",
      p_limit: 1000,
    };
    const pull = (token: string) => ask("/rest/v1/rpc/pull_since", all, token);
    expect(JSON.stringify((await pull(doctor)).body)).toContain("hello");
    expect((await pull(stranger)).body).toMatchObject({ rows: [], next: null });
    const ended = await ask(
      "/rest/v1/rpc/end_consultation",
      { p_session_id: session.id, p_duration_seconds: 0, p_notes: "rest" },
      doctor,
    );
    expect(ended.body).toMatchObject({ fault: null, session: { status: "ended", notes: "rest" } });
    const late = await ask("/rest/v1/consultation_messages", message, patient);
    expect(late.body).toMatchObject({ code: "CR002" });
  });
});
