import { DEMO_DOCTOR, DEMO_PATIENT } from "#db/seed/people.ts";
import { expect, test } from "./support/test.ts";

test("a doctor consults a patient and reads it again without a network", async ({
  clinic,
  openWorkstation,
  patient,
  book,
}) => {
  const visit = await book();
  const before = await openWorkstation();
  const { screen } = before;

  await screen.signIn(DEMO_DOCTOR);
  await screen.waitForConnection("Connected");
  await screen.chooseAppointment(visit.reason);
  await screen.join();
  await patient.openRoom(visit.id);

  const talk = [
    { from: screen.room, to: patient.room, text: "Good morning. What brings you here?" },
    { from: patient.room, to: screen.room, text: "A cough, for two weeks now." },
    { from: screen.room, to: patient.room, text: "Any fever?\nOr chills at night?" },
    { from: patient.room, to: screen.room, text: "No. 没有发烧 — لا 🌡️" },
  ];
  for (const { from, to, text } of talk) {
    await from.send(text);
    await to.waitForMessage(text);
  }
  await screen.room.finish("Cough, two weeks, no fever. Fluids, rest.");
  await expect(patient.page.getByText("The doctor has finished the consultation.")).toBeVisible();
  await screen.waitUntilSent();

  await screen.openRecord(DEMO_PATIENT.fullName);
  await expect(screen.recordMessages).toHaveText(talk.map(({ text }) => text));
  await expect(screen.record).toContainText("Cough, two weeks, no fever. Fluids, rest.");
  await before.close();

  await clinic.kill();
  try {
    const { screen: offline } = await openWorkstation();
    await offline.waitForConnection("Offline");
    await expect(offline.connection).toContainText("as of");
    await offline.openRecord(DEMO_PATIENT.fullName);
    // Exactly, line breaks too: `toHaveText` would overlook white space.
    await expect
      .poll(() => offline.recordMessages.allTextContents())
      .toEqual(talk.map(({ text }) => text));
    await expect(offline.record).toContainText("Cough, two weeks, no fever. Fluids, rest.");
  } finally {
    await clinic.restart();
  }
});
