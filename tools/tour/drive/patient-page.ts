import type { Page } from "@playwright/test";
import { expect } from "./expect.ts";
import { Room } from "./room.ts";
import type { Login } from "./workstation-page.ts";

/** The patient's page in a browser of his own, by what a patient sees and does on it. */
export class PatientPage {
  readonly page: Page;
  readonly room: Room;

  constructor(page: Page) {
    this.page = page;
    this.room = new Room(page);
  }

  async signIn({ email, password }: Login): Promise<void> {
    await this.page.getByRole("textbox", { name: "Email" }).fill(email);
    await this.page.getByLabel("Password", { exact: true }).fill(password);
    await this.page.getByRole("button", { name: "Sign in" }).click();
    await expect(this.page.getByRole("button", { name: "Sign out" })).toBeVisible();
  }

  /** Goes into the next appointment, or back into the consultation that is on. */
  async join(): Promise<void> {
    await this.page
      .getByRole("button", { name: /^(Join|Go back in)$/ })
      .first()
      .click();
    await this.room.waitUntilOpen();
  }

  /** Goes into one appointment by its address, as a link in the clinic's letter does. */
  async openRoom(appointmentId: string): Promise<void> {
    await this.page.evaluate((id) => void (location.hash = `#/room/${id}`), appointmentId);
    await this.room.waitUntilOpen();
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
