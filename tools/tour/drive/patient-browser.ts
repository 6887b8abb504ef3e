import { existsSync } from "node:fs";
import { chromium, type Browser, type BrowserContext } from "@playwright/test";
import { PatientPage } from "./patient-page.ts";

const debianChromium = "/usr/bin/chromium";

/** A real browser of a patient's own, apart from the workstation. */
export class PatientBrowser {
  #browser: Browser;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async start(): Promise<PatientBrowser> {
    const isRoot = process.getuid?.() === 0;
    const browser = await chromium.launch({
      // Elsewhere Playwright's own browser is installed (`npx playwright install chromium`).
      ...(existsSync(debianChromium) && { executablePath: debianChromium }),
      args: [
        ...(isRoot ? ["--no-sandbox"] : []),
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
    return new PatientBrowser(browser);
  }

  /** Opens the patient's page as one more visitor, with nothing remembered. */
  async visit(url: string): Promise<PatientPage> {
    const context = await this.#browser.newContext({ locale: "en-US" });
    return openPatientPage(context, url);
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}

async function openPatientPage(context: BrowserContext, url: string): Promise<PatientPage> {
  const page = await context.newPage();
  await page.goto(url);
  return new PatientPage(page);
}
