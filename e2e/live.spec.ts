import { DEMO_PATIENT } from "#db/seed/people.ts";
import { expect, test } from "./support/test.ts";

test.describe("a live consultation", () => {
  test("shows every message on the other side at once and with no reload", async ({
    workstation,
    patient,
    book,
  }) => {
    const visit = await book();
    await workstation.screen.chooseAppointment(visit.reason);
    await workstation.screen.join();
    await patient.openRoom(visit.id);
    const pages = [workstation.window, patient.page];
    for (const page of pages) await page.evaluate(() => Reflect.set(window, "sameDocument", true));

    const texts: string[] = [];
    for (let turn = 1; turn <= 5; turn++) {
      for (const { from, to, who } of [
        { from: workstation.screen.room, to: patient.room, who: "doctor" },
        { from: patient.room, to: workstation.screen.room, who: "patient" },
      ]) {
        const text = `Turn ${turn} of the ${who}`;
        await from.send(text);
        await to.waitForMessage(text);
        texts.push(text);
      }
    }
    for (const room of [workstation.screen.room, patient.room]) {
      await expect(room.messages).toHaveText(texts);
    }
    for (const page of pages) {
      expect(await page.evaluate(() => Reflect.get(window, "sameDocument"))).toBe(true);
    }
  });

  test("keeps its row in the database: one, growing, then ended with notes", async ({
    clinic,
    workstation,
    patient,
    book,
  }) => {
    const visit = await book();
    await workstation.screen.chooseAppointment(visit.reason);
    await workstation.screen.join();
    await patient.openRoom(visit.id);
    const readRow = async () => {
      const rows = await clinic.sessionsOf(visit.id);
      expect(rows).toHaveLength(1);
      return rows[0]!;
    };
    expect(await readRow()).toMatchObject({ status: "active", ended_at: null, notes: null });
    const grows = { timeout: 45_000 };
    const durationIs = async () => (await readRow()).duration_seconds;
    await expect.poll(durationIs, grows).toBeGreaterThan(0);
    const first = await durationIs();
    await expect.poll(durationIs, grows).toBeGreaterThan(first);
    expect(await workstation.screen.room.readDuration()).toBeGreaterThan(0);

    await workstation.screen.room.finish("All is well.");
    const status = async () => (await readRow()).status;
    await expect.poll(status).toBe("ended");
    const ended = await readRow();
    expect(ended.notes).toBe("All is well.");
    expect(ended.ended_at).not.toBeNull();
    expect(ended.duration_seconds).toBeGreaterThan(first);
  });

  test("does not count the time while it is paused", async ({ clinic, workstation, book }) => {
    const visit = await book();
    const { screen, window } = workstation;
    await screen.chooseAppointment(visit.reason);
    await screen.join();
    await window.getByRole("button", { name: "Pause" }).click();
    await expect(window.getByRole("button", { name: "Resume" })).toBeVisible();
    const durationIs = async () => (await clinic.sessionsOf(visit.id))[0]?.duration_seconds;
    expect((await clinic.sessionsOf(visit.id))[0]?.status).toBe("paused");
    const atPause = await durationIs();
    const shown = await screen.room.readDuration();
    await window.waitForTimeout(4_000);
    expect(await durationIs()).toBe(atPause);
    expect(await screen.room.readDuration()).toBe(shown);
    await window.getByRole("button", { name: "Resume" }).click();
    await expect.poll(() => screen.room.readDuration()).toBeGreaterThan(shown);
  });

  test("shows the earlier messages above a divider when the appointment is opened again", async ({
    clinic,
    workstation,
    patient,
    book,
  }) => {
    const visit = await book();
    const { screen } = workstation;
    await screen.chooseAppointment(visit.reason);
    await screen.join();
    await screen.room.send("Said in the first consultation");
    await screen.room.finish("First notes");
    await screen.chooseAppointment(visit.reason);
    await screen.join();
    await expect(screen.room.dividers.first()).toContainText("earlier consultation");
    await patient.openRoom(visit.id);
    await patient.room.send("Said in the second consultation");

    for (const room of [screen.room, patient.room]) {
      await expect(room.messages).toHaveText([
        "Said in the first consultation",
        "Said in the second consultation",
      ]);
      await expect(room.dividers.first()).toContainText("earlier consultation");
      const words = (await room.transcript.textContent()) ?? "";
      expect(words.indexOf("earlier consultation")).toBeLessThan(words.indexOf("first consult"));
    }
    const rows = await clinic.sessionsOf(visit.id);
    expect(rows.map(({ status }) => status)).toEqual(["ended", "active"]);
  });

  test("is one session when both sides join in the same instant", async ({
    clinic,
    workstation,
    patient,
    book,
  }) => {
    for (let round = 1; round <= 4; round++) {
      const visit = await book();
      await workstation.screen.chooseAppointment(visit.reason);
      await Promise.all([workstation.screen.join(), patient.openRoom(visit.id)]);
      const text = `Round ${round}`;
      await workstation.screen.room.send(text);
      await patient.room.waitForMessage(text);
      expect(await clinic.sessionsOf(visit.id)).toHaveLength(1);
      await workstation.screen.room.finish("Done");
      await expect(
        patient.page.getByText("The doctor has finished the consultation."),
      ).toBeVisible();
    }
    await workstation.screen.openRecord(DEMO_PATIENT.fullName);
  });
});
