import { DEMO_PATIENT } from "#db/seed/people.ts";
import { expect, test } from "./support/test.ts";

test.describe("an outage in the middle of a chat", () => {
  test("queues what is written on both sides and delivers it once", async ({
    clinic,
    workstation,
    patient,
    book,
  }) => {
    const visit = await book();
    const { screen } = workstation;
    await screen.chooseAppointment(visit.reason);
    await screen.join();
    await patient.openRoom(visit.id);
    await screen.room.send("Before the outage");
    await patient.room.waitForMessage("Before the outage");
    await screen.waitUntilSent();

    await clinic.kill();
    try {
      await screen.room.send("Written by the doctor meanwhile");
      await expect(screen.room.notSent).toBeVisible();
      await screen.waitForConnection("Offline");
      await expect(screen.connection).toContainText("1 not sent yet");
      await patient.room.send("Written by the patient meanwhile");
      await expect(patient.room.notSent).toBeVisible();
    } finally {
      await clinic.restart();
    }

    const all = [
      "Before the outage",
      "Written by the doctor meanwhile",
      "Written by the patient meanwhile",
    ];
    for (const room of [screen.room, patient.room]) {
      await expect(room.messages).toHaveCount(3, { timeout: 45_000 });
      expect((await room.messages.allTextContents()).toSorted()).toEqual(all.toSorted());
      await expect(room.notSent).toBeHidden();
    }
    await screen.waitUntilSent();
    const [session] = await clinic.sessionsOf(visit.id);
    const kept = await clinic.messagesOf(session!.id);
    expect(kept.map(({ content }) => content).toSorted()).toEqual(all.toSorted());
  });

  test("does not lose what was queued when the app is closed before it is over", async ({
    clinic,
    openWorkstation,
    workstation,
    book,
  }) => {
    const visit = await book();
    await workstation.screen.chooseAppointment(visit.reason);
    await workstation.screen.join();
    const [session] = await clinic.sessionsOf(visit.id);
    await clinic.kill();
    try {
      await workstation.screen.room.send("Written, then the app was closed");
      await expect(workstation.screen.room.notSent).toBeVisible();
      await workstation.close();
      const again = await openWorkstation();
      await again.screen.waitForConnection("Offline");
      await expect(again.screen.connection).toContainText("1 not sent yet");
      await again.screen.openRecord(DEMO_PATIENT.fullName);
      await expect(again.screen.recordMessages).toHaveText(["Written, then the app was closed"]);
      await clinic.restart();
      await again.screen.waitUntilSent();
    } finally {
      if (!(await isUp(clinic.url))) await clinic.restart();
    }
    const contents = (await clinic.messagesOf(session!.id)).map(({ content }) => content);
    expect(contents).toEqual(["Written, then the app was closed"]);
  });
});

async function isUp(url: string): Promise<boolean> {
  return fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}
