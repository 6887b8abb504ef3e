import { join } from "node:path";
import type { Page } from "@playwright/test";
import { DEMO_DOCTOR, DEMO_PATIENT } from "#db/seed/people.ts";
import { Clinic } from "./drive/clinic.ts";
import { expect } from "./drive/expect.ts";
import { PatientBrowser } from "./drive/patient-browser.ts";
import { Workstation } from "./drive/workstation.ts";
import type { Guide } from "./guide.ts";
import { measureDelivery } from "./measure-delivery.ts";

const measuredMessages = 30;
const notes =
  "Cough for two weeks, no fever, chest clear. Fluids and rest; come back if it worsens.";
const talk = [
  { from: "doctor", text: "Good morning. You have had a cough for two weeks?" },
  { from: "patient", text: "Yes, mostly at night. No fever." },
  { from: "doctor", text: "Any pain when you breathe in, or shortness of breath?" },
  { from: "patient", text: "No, none. I am just tired of it." },
] as const;

/** What is open, so that all of it can be closed however the story ends. */
type Stage = { pages: Page[]; closeLast: (() => Promise<void>)[] };

/** The main job from the doctor's sign-in to the record that is read without a network. */
export async function tellStory(guide: Guide, folder: string, stage: Stage): Promise<void> {
  const clinic = await guide.step("The embedded demo clinic starts", () =>
    Clinic.start(join(folder, "clinic")),
  );
  stage.closeLast.push(() => clinic.close());
  const open = async () => {
    const opened = await Workstation.open({ folder: join(folder, "workstation"), project: clinic });
    stage.pages.unshift(opened.window);
    stage.closeLast.push(() => opened.close());
    return opened;
  };

  const workstation = await guide.step("The workstation opens", open);
  const { screen, window } = workstation;
  await guide.step(
    `${DEMO_DOCTOR.fullName} signs in`,
    () => screen.signIn(DEMO_DOCTOR),
    () => ["today", window],
  );
  const appointment = await findAppointment(clinic);
  await guide.step(
    `The doctor chooses the appointment of ${DEMO_PATIENT.fullName}`,
    async () => {
      await screen.waitForConnection("Connected");
      await screen.chooseAppointment(appointment.reason);
    },
    () => ["appointment", window],
  );
  await guide.step(
    "The doctor presses Join",
    () => screen.join(),
    () => ["doctor-joined", window],
  );

  const browser = await PatientBrowser.start();
  stage.closeLast.push(() => browser.close());
  const patient = await guide.step("The patient opens the page in a browser and signs in", () =>
    browser.visit(clinic.patientUrl).then(async (visited) => {
      stage.pages.push(visited.page);
      await visited.signIn(DEMO_PATIENT);
      return visited;
    }),
  );
  await guide.step(
    "The patient joins",
    () => patient.join(),
    () => ["patient-joined", patient.page],
  );
  const rooms = { doctor: screen.room, patient: patient.room };
  await guide.step(
    "They talk; each message appears on the other side, with no reload",
    async () => {
      for (const { from, text } of talk) {
        await rooms[from].send(text);
        await rooms[from === "doctor" ? "patient" : "doctor"].waitForMessage(text);
      }
    },
    () => ["talk-doctor", window],
  );
  await guide.step(
    "The patient's page shows the same",
    () => expect(patient.room.messages).toHaveText(talk.map(({ text }) => text)),
    () => ["talk-patient", patient.page],
  );
  const times = await guide.step(`${measuredMessages} more messages are timed`, () =>
    measureDelivery(workstation, patient, measuredMessages),
  );
  guide.tell(
    `doctor → patient, ${times.count} messages: median ${times.medianMs} ms, p95 ${times.p95Ms} ms`,
  );
  await guide.step("The session's row in the database is active and grows", async () => {
    const read = async () => (await clinic.sessionsOf(appointment.id)).at(-1);
    expect((await read())?.status).toBe("active");
    await expect
      .poll(async () => (await read())?.duration_seconds, { timeout: 60_000 })
      .toBeGreaterThan(0);
  });
  await guide.step(
    "The doctor finishes with notes",
    async () => {
      await screen.room.finish(notes);
      await screen.waitUntilSent();
    },
    () => ["finished", window],
  );
  await guide.step("The row is ended, with the notes and the duration", async () => {
    const read = async () => (await clinic.sessionsOf(appointment.id)).at(-1);
    await expect.poll(async () => (await read())?.status).toBe("ended");
    expect(await read()).toMatchObject({ notes });
    expect((await read())?.duration_seconds).toBeGreaterThan(0);
  });
  await guide.step(
    "The patient's page says that it has ended",
    () => expect(patient.page.getByText("The doctor has finished the consultation.")).toBeVisible(),
    () => ["patient-ended", patient.page],
  );
  const sent = Array.from({ length: measuredMessages }, (_, i) => {
    return `Message ${i + 1} of ${measuredMessages}`;
  });
  const all = [...talk.map(({ text }) => text), ...sent];
  await guide.step(
    "The consultation is in the history",
    async () => {
      await screen.openRecord(DEMO_PATIENT.fullName);
      await expect(screen.recordMessages).toHaveText(all);
    },
    () => ["history", window],
  );

  await guide.step("The workstation closes", () => workstation.close());
  await guide.step("The backend is killed: there is no server any more", () => clinic.kill());
  const offline = await guide.step("The workstation starts again, offline", open);
  await guide.step(
    "The whole consultation and its notes are read offline",
    async () => {
      await offline.screen.waitForConnection("Offline");
      await offline.screen.openRecord(DEMO_PATIENT.fullName);
      await expect(offline.screen.recordMessages).toHaveText(all);
      await expect(offline.screen.record).toContainText(notes);
    },
    () => ["offline", offline.window],
  );
}

/** The demo patient's next chat with the demo doctor, which the invented clinic always has today. */
async function findAppointment(clinic: Clinic): Promise<{ id: string; reason: string }> {
  const { data } = await clinic.database
    .from("appointments")
    .select("id, reason")
    .eq("doctor_id", DEMO_DOCTOR.id)
    .eq("patient_id", DEMO_PATIENT.id)
    .eq("status", "booked")
    .gte("starts_at", new Date(Date.now() - 4 * 60 * 60 * 1000).toISOString())
    .order("starts_at")
    .limit(1)
    .single<{ id: string; reason: string }>()
    .throwOnError();
  return data;
}
