import { readdirSync } from "node:fs";
import type { Page } from "@playwright/test";
import { DEMO_DOCTOR, DEMO_PATIENT, type DemoPerson } from "#db/seed/people.ts";
import { MessageRow } from "#shared/consultation/rows.ts";
import { readGuide, readSnippet, snippets } from "./guide-app/guide.ts";
import type { GuideCalls } from "./guide-app/guide-calls.ts";
import { checkTypes, serveGuideApp } from "./guide-app/serve.ts";
import { expect, test } from "./support/test.ts";

type Site = Awaited<ReturnType<typeof serveGuideApp>>;
type Visit = (person: DemoPerson, query: Record<string, string>) => Promise<Page>;

const appTest = test.extend<{ visitApp: Visit }, { site: Site }>({
  site: [
    async ({ clinic }, use) => {
      const site = await serveGuideApp(clinic);
      await use(site);
      site.close();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  visitApp: async ({ site, patientBrowser }, use) => {
    const opened: { close(): Promise<unknown> }[] = [];
    await use(async (person, query) => {
      const visitor = await patientBrowser.visit(`${site.url}?${new URLSearchParams(query)}`);
      opened.push(visitor);
      const { page } = visitor;
      await page.getByLabel("Own email").fill(person.email);
      await page.getByLabel("Own password").fill(person.password);
      await page.getByRole("button", { name: "Own sign-in" }).click();
      return page;
    });
    for (const visitor of opened) await visitor.close();
  },
});

test("the snippets are the guide's, word for word", () => {
  const guide = readGuide();
  expect([...guide.keys()]).toEqual(snippets.map(({ heading }) => heading));
  for (const { file, heading } of snippets) expect(readSnippet(file)).toBe(guide.get(heading));
  const kept = readdirSync(new URL("./guide-app/snippets/", import.meta.url));
  expect(kept.toSorted()).toEqual(snippets.map(({ file }) => file).toSorted());
});

test("the sample app with the guide's snippets compiles", () => {
  expect(checkTypes()).toEqual({ status: 0, output: "" });
});

appTest("both roles talk in the guide's room, inside a foreign app", async ({ visitApp, book }) => {
  const { id: appointment } = await book();
  const doctor = await visitApp(DEMO_DOCTOR, {
    page: "room",
    role: "doctor",
    appointment,
    name: DEMO_PATIENT.fullName,
  });
  const patient = await visitApp(DEMO_PATIENT, {
    page: "room",
    role: "patient",
    appointment,
    name: DEMO_DOCTOR.fullName,
  });
  const write = async (page: Page, text: string) => {
    await page.getByRole("textbox", { name: "Write a message" }).fill(text);
    await page.keyboard.press("Enter");
  };
  const shows = (page: Page, text: string) =>
    expect(
      page.getByRole("log").or(page.locator("main, body")).getByText(text).first(),
    ).toBeVisible();
  await write(doctor, "Good morning from the foreign app.");
  await shows(patient, "Good morning from the foreign app.");
  await write(patient, "Good morning, doctor.");
  await shows(doctor, "Good morning, doctor.");

  await doctor.getByRole("button", { name: "Finish" }).click();
  await doctor.getByRole("button", { name: "Finish consultation" }).click();
  await expect(patient.getByText("The doctor has finished the consultation.")).toBeVisible();

  // The same appointment once more: the previous messages are there.
  await doctor.reload();
  await shows(doctor, "Good morning, doctor.");
});

appTest("the guide's button opens the room over the page", async ({ visitApp, book }) => {
  const { id: appointment } = await book();
  const page = await visitApp(DEMO_PATIENT, {
    page: "details",
    appointment,
    name: DEMO_DOCTOR.fullName,
  });
  await page.getByRole("button", { name: /Join .*consultation/ }).click();
  await page.getByRole("textbox", { name: "Write a message" }).fill("I pressed the button.");
  await page.keyboard.press("Enter");
  await expect(page.getByText("I pressed the button.").first()).toBeVisible();
  await expect(page.getByText("Sent", { exact: true }).first()).toBeVisible();
});

appTest("the guide's history lists what was held", async ({ visitApp }) => {
  const page = await visitApp(DEMO_PATIENT, { page: "history" });
  await expect(page.getByText(DEMO_DOCTOR.fullName).first()).toBeVisible();
});

appTest("neither look leaks into the other", async ({ visitApp, book }) => {
  const { id: appointment } = await book();
  const look = (page: Page) =>
    page.evaluate(() => {
      const style = (selector: string) => {
        const element = document.querySelector(selector);
        if (element === null) throw new Error(`${selector} is not there`);
        const { color, backgroundColor, border, font, margin, padding, textTransform } =
          getComputedStyle(element);
        return { color, backgroundColor, border, font, margin, padding, textTransform };
      };
      return [style("body"), style("h1"), style("#app > button"), style("html")];
    });
  const without = await visitApp(DEMO_PATIENT, { page: "none" });
  await expect(without.getByText("Signed in.")).toBeVisible();
  const bare = await look(without);
  const page = await visitApp(DEMO_PATIENT, {
    page: "details",
    appointment,
    name: DEMO_DOCTOR.fullName,
  });
  const join = page.getByRole("button", { name: /Join .*consultation/ });
  await expect(join).toBeVisible();
  expect(await look(page)).toEqual(bare);
  const button = await join.evaluate((element) => {
    const { backgroundColor, borderTopStyle } = getComputedStyle(element);
    return { backgroundColor, borderTopStyle };
  });
  expect(button).toEqual({ backgroundColor: "rgb(11, 107, 99)", borderTopStyle: "solid" });
});

appTest("the guide's five calls do what it says", async ({ visitApp, book, clinic }) => {
  const { id: appointmentId } = await book();
  const patient = await visitApp(DEMO_PATIENT, { page: "none" });
  const doctor = await visitApp(DEMO_DOCTOR, { page: "none" });
  await Promise.all([patient, doctor].map((page) => page.getByText("Signed in.").waitFor()));
  const heard: string[] = [];
  doctor.on("console", async (message) => {
    if (!message.text().startsWith("New message:")) return;
    const given: unknown = await message.args()[1]?.jsonValue();
    heard.push(MessageRow.parse(given).content);
  });
  const given = { appointmentId, patientId: DEMO_PATIENT.id, doctorId: DEMO_DOCTOR.id };

  const session = await patient.evaluate(
    ({ appointmentId: id, patientId, doctorId }) => guide.createSession(id, patientId, doctorId),
    given,
  );
  expect(session).toMatchObject({ appointment_id: appointmentId, status: "active" });

  const subscription = doctor.evaluate(
    (id) =>
      guide.subscribeToMessages(
        id,
        new Promise<void>((resolve) => {
          addEventListener("later", () => resolve(), { once: true });
        }),
      ),
    session.id,
  );
  await doctor.waitForTimeout(300);
  await patient.evaluate(({ id, userId }) => guide.sendMessage(id, userId), {
    id: session.id,
    userId: DEMO_PATIENT.id,
  });
  await expect.poll(() => heard).toEqual(["Hello, how are you?"]);
  await doctor.evaluate(() => dispatchEvent(new Event("later")));
  await subscription;
  await patient.evaluate(({ id, userId }) => guide.sendMessage(id, userId), {
    id: session.id,
    userId: DEMO_PATIENT.id,
  });
  await doctor.waitForTimeout(500);
  expect(heard).toHaveLength(1);

  await doctor.evaluate((id) => guide.endSession(id, 60), session.id);
  const { data } = await clinic.database
    .from("consultation_sessions")
    .select("status, notes")
    .eq("id", session.id)
    .single();
  expect(data).toEqual({ status: "ended", notes: "Consultation notes here..." });

  const sessions = await patient.evaluate(
    (userId) => guide.getSessionHistory(userId),
    DEMO_PATIENT.id,
  );
  expect(sessions.length).toBeLessThanOrEqual(20);
  expect(sessions[0]).toMatchObject({ id: session.id, status: "ended" });
});

declare const guide: GuideCalls;
