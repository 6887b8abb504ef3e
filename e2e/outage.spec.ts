import type { Page } from "@playwright/test";
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

    const fewest = await Promise.all([workstation.window, patient.page].map(watchFewestMessages));

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
    for (const read of fewest) expect(await read()).toBe(1); // no window went blank meanwhile
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

/** Watches a transcript; the returned function tells the fewest messages that it ever showed. */
async function watchFewestMessages(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const count = () => document.querySelectorAll("[data-message]").length;
    const watched = window as { fewestMessages?: number };
    watched.fewestMessages = count();
    new MutationObserver(() => {
      watched.fewestMessages = Math.min(watched.fewestMessages ?? 0, count());
    }).observe(document.body, { childList: true, subtree: true });
  });
  return () => page.evaluate(() => Reflect.get(window, "fewestMessages") as number);
}

async function isUp(url: string): Promise<boolean> {
  return fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}
