import { join } from "node:path";
import { createClient } from "@supabase/supabase-js";
import { DEMO_DOCTOR, people, DEMO_STRANGER, type DemoPerson } from "#db/seed/people.ts";
import type { AppointmentId, SessionId } from "#shared/model/ids.ts";
import "./support/bridge.ts";
import { expect, test } from "./support/test.ts";

const otherPatient = getPerson("kwame.mensah@patient.example");

test.describe("a stranger", () => {
  test("who is a clinician opens nothing at a workstation of his own", async ({
    workstation,
    openWorkstation,
    folder,
    book,
    clinic,
  }) => {
    const visit = await book();
    await workstation.screen.chooseAppointment(visit.reason);
    await workstation.screen.join();
    await workstation.screen.room.send("For one patient alone");
    await workstation.screen.waitUntilSent();
    const sessionId = (await clinic.sessionsOf(visit.id))[0]!.id as SessionId;

    const own = await openWorkstation({ folder: join(folder, "stranger") });
    await own.screen.signIn(DEMO_STRANGER);
    await own.screen.waitForConnection("Connected");
    await expect(own.window.getByText("No appointments on this day")).toBeVisible();
    await own.window.getByRole("link", { name: "History" }).click();
    await expect(own.window.getByText("No consultations yet")).toBeVisible();

    const ask = { appointmentId: visit.id as AppointmentId, sessionId };
    const answers = await own.window.evaluate(async ({ appointmentId, sessionId: session }) => {
      const bridge = window.consultingRoom;
      if (!bridge) throw new Error("no bridge");
      const page = { sessionId: session, beforeSeq: null, limit: 50 };
      return {
        start: await bridge.request("session.start", { appointmentId, type: "chat" }),
        touch: await bridge.request("session.touch", { sessionId: session }),
        session: await bridge.query("sessions.get", { sessionId: session }),
        messages: await bridge.query("messages.list", page),
      };
    }, ask);
    expect(answers.start.ok).toBe(false);
    expect(answers.touch.ok).toBe(false);
    expect(answers.session.ok).toBe(false);
    expect(JSON.stringify(answers)).not.toContain("For one patient alone");
    expect(await clinic.sessionsOf(visit.id)).toHaveLength(1);
  });

  test("who is a patient finds no way in, not even by the room's address", async ({
    workstation,
    visitPage,
    book,
  }) => {
    const visit = await book();
    await workstation.screen.chooseAppointment(visit.reason);
    await workstation.screen.join();
    await workstation.screen.room.send("For one patient alone");

    const stranger = await visitPage();
    await stranger.signIn(otherPatient);
    await stranger.page.evaluate((id) => void (location.hash = `#/room/${id}`), visit.id);
    await expect(stranger.page.getByText("Hello Kwame Mensah")).toBeVisible();
    await expect(stranger.room.transcript).toBeHidden();
    expect(await stranger.page.locator("body").textContent()).not.toContain("For one patient");
  });

  test("gets no row from the server, whoever he is", async ({ workstation, book, clinic }) => {
    const visit = await book();
    await workstation.screen.chooseAppointment(visit.reason);
    await workstation.screen.join();
    await workstation.screen.room.send("For one patient alone");
    await workstation.screen.waitUntilSent();

    const rowsOf = async (person: DemoPerson | null) => {
      const client = createClient(clinic.url, clinic.anonKey, { auth: { persistSession: false } });
      if (person) await client.auth.signInWithPassword(person);
      const sessions = await client
        .from("consultation_sessions")
        .select("id")
        .eq("appointment_id", visit.id);
      const messages = await client
        .from("consultation_messages")
        .select("content")
        .eq("content", "For one patient alone");
      await client.auth.signOut();
      return (sessions.data?.length ?? 0) + (messages.data?.length ?? 0);
    };
    expect(await rowsOf(DEMO_DOCTOR)).toBeGreaterThanOrEqual(2); // the question itself finds them
    expect(await rowsOf(DEMO_STRANGER)).toBe(0);
    expect(await rowsOf(otherPatient)).toBe(0);
    expect(await rowsOf(null)).toBe(0);
  });
});

function getPerson(email: string): DemoPerson {
  const person = people.find((one) => one.email === email);
  if (!person) throw new Error(`Nobody has the address ${email}`);
  return person;
}
