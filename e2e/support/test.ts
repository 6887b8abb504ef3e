import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base } from "@playwright/test";
import { DEMO_DOCTOR, DEMO_PATIENT, type DemoPerson } from "#db/seed/people.ts";
import { Clinic } from "#tools/tour/drive/clinic.ts";
import { PatientBrowser } from "#tools/tour/drive/patient-browser.ts";
import type { PatientPage } from "#tools/tour/drive/patient-page.ts";
import { Workstation, type WorkstationOptions } from "#tools/tour/drive/workstation.ts";

export { expect } from "@playwright/test";

export type Visit = { id: string; reason: string };
type OpenWorkstation = (options?: Partial<WorkstationOptions>) => Promise<Workstation>;

type Fixtures = {
  /** A folder that is gone after the test. */
  folder: string;
  /** Opens the built app; the same folder again is the same machine again. */
  openWorkstation: OpenWorkstation;
  /** A workstation at which the demo doctor is signed in. */
  workstation: Workstation;
  /** Opens the patient's page in a browser of its own. */
  visitPage: () => Promise<PatientPage>;
  /** The page of the demo patient, signed in. */
  patient: PatientPage;
  /** Books an appointment for now, told from all others by its reason. */
  book: (doctor?: DemoPerson, patient?: DemoPerson) => Promise<Visit>;
};
type WorkerFixtures = { clinic: Clinic; patientBrowser: PatientBrowser };

let visits = 0;

// Playwright wants the first argument destructured, even where a fixture needs no other.

export const test = base.extend<Fixtures, WorkerFixtures>({
  clinic: [
    async ({ playwright: _playwright }, use) => {
      const folder = mkdtempSync(join(tmpdir(), "clinic-"));
      const clinic = await Clinic.start(folder);
      await use(clinic);
      await clinic.close();
      removeFolder(folder);
    },
    { scope: "worker", timeout: 120_000 },
  ],

  patientBrowser: [
    async ({ playwright: _playwright }, use) => {
      const browser = await PatientBrowser.start();
      await use(browser);
      await browser.close();
    },
    { scope: "worker" },
  ],

  folder: async ({ playwright: _playwright }, use) => {
    const folder = mkdtempSync(join(tmpdir(), "workstation-"));
    await use(folder);
    removeFolder(folder);
  },

  openWorkstation: async ({ clinic, folder }, use, info) => {
    const opened: Workstation[] = [];
    await use(async (options = {}) => {
      const workstation = await Workstation.open({ folder, project: clinic, ...options });
      opened.push(workstation);
      return workstation;
    });
    for (const [index, workstation] of opened.entries()) {
      if (info.status !== info.expectedStatus) {
        const body = workstation.output;
        await info.attach(`workstation-${index}.txt`, { body, contentType: "text/plain" });
        if (!workstation.window.isClosed()) {
          const path = info.outputPath(`workstation-${index}.png`);
          await workstation.window.screenshot({ path });
        }
      }
      await workstation.close();
    }
  },

  workstation: async ({ openWorkstation }, use) => {
    const workstation = await openWorkstation();
    await workstation.screen.signIn(DEMO_DOCTOR);
    await use(workstation);
  },

  visitPage: async ({ clinic, patientBrowser }, use, info) => {
    const opened: PatientPage[] = [];
    await use(async () => {
      const page = await patientBrowser.visit(clinic.patientUrl);
      opened.push(page);
      return page;
    });
    for (const [index, patient] of opened.entries()) {
      if (info.status !== info.expectedStatus) {
        await patient.page.screenshot({ path: info.outputPath(`patient-${index}.png`) });
      }
      await patient.close();
    }
  },

  patient: async ({ visitPage }, use) => {
    const page = await visitPage();
    await page.signIn(DEMO_PATIENT);
    await use(page);
  },

  book: async ({ clinic }, use) => {
    await use(async (doctor = DEMO_DOCTOR, patient = DEMO_PATIENT) => {
      const reason = `Visit ${++visits} of ${process.pid}`;
      const id = await clinic.book({ doctorId: doctor.id, patientId: patient.id, reason });
      return { id, reason };
    });
  },
});

function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
