import { DEMO_DOCTOR, DEMO_PATIENT } from "#db/seed/people.ts";
import { hasDialogues, noDialogues, readDialogues } from "./support/dialogues.ts";
import { expect, test } from "./support/test.ts";

const count = 20;

test(`${count} real dialogues, held turn by turn, are read offline text for text`, async ({
  clinic,
  openWorkstation,
  patient,
  book,
}) => {
  test.skip(!hasDialogues(), noDialogues);
  test.setTimeout(600_000);
  const dialogues = readDialogues(count);
  expect(dialogues).toHaveLength(count);
  const workstation = await openWorkstation();
  const { screen } = workstation;
  await screen.signIn(DEMO_DOCTOR);

  let turns = 0;
  for (const dialogue of dialogues) {
    const visit = await book();
    await screen.chooseAppointment(visit.reason);
    await screen.join();
    await patient.openRoom(visit.id);
    for (const [index, { from, text }] of dialogue.turns.entries()) {
      const [here, there] =
        from === "doctor" ? [screen.room, patient.room] : [patient.room, screen.room];
      await here.send(text);
      // A text may be said twice in a dialogue, so the place in the transcript counts.
      await expect(there.messages.nth(index)).toHaveText(text);
      turns += 1;
    }
    await screen.room.finish(`Dialogue ${dialogue.id}`);
  }
  await screen.waitUntilSent();
  await workstation.close();

  await clinic.kill();
  try {
    const offline = await openWorkstation();
    await offline.screen.waitForConnection("Offline");
    for (const [index, dialogue] of dialogues.toReversed().entries()) {
      await offline.screen.openRecord(DEMO_PATIENT.fullName, index);
      await expect(offline.screen.record).toContainText(`Dialogue ${dialogue.id}`);
      await expect
        .poll(() => offline.screen.recordMessages.allTextContents())
        .toEqual(dialogue.turns.map(({ text }) => text));
    }
  } finally {
    await clinic.restart();
  }
  test.info().annotations.push({ type: "held", description: `${count} dialogues, ${turns} turns` });
});
