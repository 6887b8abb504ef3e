import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { DEMO_PATIENT } from "#db/seed/people.ts";
import { expect, test } from "./support/test.ts";

const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Looks at what is on the screen: nothing that a phone's reader could not use, nothing cut off. */
async function isFitForAPhone(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    // Without motion, so that no colour is read on its way from one theme to the other.
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const { violations } = await new AxeBuilder({ page })
      .withTags(rules)
      // What react-aria announces stays for seconds, and may name a button that is gone by then.
      .exclude("[data-live-announcer]")
      .analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  }
  // 200 % text: everything may move, nothing may leave the screen.
  await page.addStyleTag({ content: "html { font-size: 200% }" });
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
}

test("every screen of the patient page fits a phone, in light and dark, at twice the text", async ({
  visitPage,
  book,
}) => {
  const { id } = await book();
  await book(); // so that the start lists another appointment too
  const { page } = await visitPage();
  await page.setViewportSize({ width: 360, height: 740 });
  const show = async (hash: string) => {
    await page.goto(page.url().replace(/#.*$/, "") + hash);
    // The text is back to its usual size with a fresh page.
    await page.reload();
  };

  await page.getByLabel("Email").waitFor();
  await isFitForAPhone(page);
  await show("");
  await page.getByLabel("Email").fill(DEMO_PATIENT.email);
  await page.getByLabel("Password").fill(DEMO_PATIENT.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { level: 1, name: /with Dr/ }).waitFor();
  await isFitForAPhone(page);

  const inRoom = page.getByRole("textbox", { name: "Write a message" });
  await page.evaluate((visit) => void (location.hash = `#/room/${visit}`), id);
  // The field is there before the consultation is.
  await page.getByRole("timer").waitFor();
  // Loading it again comes back to what goes on.
  await show(`#/room/${id}`);
  await inRoom.waitFor();
  await isFitForAPhone(page);

  await show("#/home");
  await expect(page.getByText("Your doctor is in the room")).toBeVisible();
  await isFitForAPhone(page);

  await show(`#/goodbye/${id}`);
  await expect(page.getByRole("button", { name: "Go back in" })).toBeVisible();
  await isFitForAPhone(page);
});

test("a reload in the room comes back to the room", async ({ patient, book }) => {
  const { id } = await book();
  await patient.openRoom(id);
  await patient.room.send("Before the reload.");
  await patient.room.waitForMessage("Before the reload.");
  await patient.page.reload();
  await patient.room.waitForMessage("Before the reload.");
});

test("leaving is not the end: the page says so, and leads back in", async ({ patient, book }) => {
  const { id } = await book();
  await patient.openRoom(id);
  await patient.room.send("I shall be back.");
  await patient.page.getByRole("button", { name: "Leave" }).first().click();
  await patient.page.getByRole("button", { name: "Leave for now" }).click();
  await expect(
    patient.page.getByRole("heading", { name: "You have left the consultation" }),
  ).toBeVisible();
  await patient.page.getByRole("button", { name: "Go back in" }).click();
  await patient.room.waitForMessage("I shall be back.");
});
