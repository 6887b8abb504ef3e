import { foldersOf } from "#tools/tour/drive/workstation.ts";
import { findPhrase } from "#tools/tour/drive/find-phrase.ts";
import { DEMO_DOCTOR } from "#db/seed/people.ts";
import { isRealElectron } from "./support/runtime.ts";
import { expect, test } from "./support/test.ts";

const phrase = "the violet heron flies at noon";

test.describe("a phrase typed in the chat", () => {
  for (const encrypted of [true, false]) {
    const outcome = encrypted ? "is nowhere on the disk" : "is found once encryption is off";
    test(outcome, async ({ openWorkstation, patient, folder, book }) => {
      const visit = await book();
      const env: Record<string, string> = encrypted
        ? {}
        : { CONSULTING_ROOM_UNSAFE_PLAIN_CACHE: "1" };
      const workstation = await openWorkstation({ env });
      const { screen } = workstation;
      await screen.signIn(DEMO_DOCTOR);
      await screen.chooseAppointment(visit.reason);
      await screen.join();
      await patient.openRoom(visit.id);
      await screen.room.send(`I say: ${phrase}`);
      await patient.room.waitForMessage(phrase);
      await patient.room.send(`You said: ${phrase}`);
      await screen.room.waitForMessage(`You said: ${phrase}`);
      await workstation.window
        .getByRole("textbox", { name: "Write a message" })
        .fill(`A draft: ${phrase}`);
      await screen.waitUntilSent();
      await workstation.window.waitForTimeout(1_000); // the draft is kept a moment after typing

      // Once while the app runs, with its journals and temporary files, and once when it is closed.
      const { userData, temp } = foldersOf(folder);
      const open = findPhrase(phrase, [userData, temp]);
      await workstation.close();
      const closed = findPhrase(phrase, [userData, temp]);
      if (encrypted) {
        expect(open).toEqual([]);
        expect(closed).toEqual([]);
      } else {
        expect(open.map(({ encoding }) => encoding)).toContain("UTF-8");
        expect(closed.map(({ encoding }) => encoding)).toContain("UTF-8");
      }
      expect(workstation.output).not.toContain(phrase);
    });
  }
});

for (const keyring of ["basic_text", "unavailable"]) {
  test(`nobody signs in where the keyring is ${keyring}, and nothing is kept`, async ({
    openWorkstation,
    folder,
  }) => {
    test.skip(isRealElectron(), "only the Chromium host can pretend another keyring");
    const { window } = await openWorkstation({ env: { CHROMIUM_HOST_KEYRING: keyring } });
    await window.getByRole("textbox", { name: "Email" }).fill(DEMO_DOCTOR.email);
    await window.getByLabel("Password", { exact: true }).fill(DEMO_DOCTOR.password);
    await window.getByRole("button", { name: "Sign in" }).click();
    await expect(window.getByText("This computer cannot keep the records safe")).toBeVisible();
    const { userData, temp } = foldersOf(folder);
    expect(findPhrase(DEMO_DOCTOR.email, [userData, temp])).toEqual([]);
    expect(findPhrase(DEMO_DOCTOR.password, [userData, temp])).toEqual([]);
  });
}
