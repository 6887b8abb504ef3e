import type { Locator, Page } from "@playwright/test";
import { expect } from "./expect.ts";
import { Room } from "./room.ts";

export type Login = { email: string; password: string };

/** The workstation's window, by what a doctor sees and does in it. */
export class WorkstationPage {
  readonly #page: Page;
  readonly room: Room;
  readonly appointments: Locator;
  readonly connection: Locator;
  readonly history: Locator;
  readonly record: Locator;
  readonly recordMessages: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.room = new Room(page);
    this.appointments = page.getByRole("listbox", { name: "Appointments" });
    this.connection = page.getByRole("contentinfo", { name: "State of the connection" });
    this.history = page.getByRole("listbox", { name: "Past consultations" });
    this.record = page.getByRole("article");
    this.recordMessages = this.record
      .getByRole("region", { name: "Transcript" })
      .locator("[data-message] > p");
  }

  async signIn({ email, password }: Login): Promise<void> {
    await this.#page.getByRole("textbox", { name: "Email" }).fill(email);
    await this.#page.getByLabel("Password", { exact: true }).fill(password);
    await this.#page.getByRole("button", { name: "Sign in" }).click();
    await expect(this.#navigation).toBeVisible();
  }

  /** Chooses one of today's appointments, told by the reason that it was booked for. */
  async chooseAppointment(reason: string): Promise<void> {
    await this.#goTo("Today");
    const row = this.appointments.getByRole("option").filter({ hasText: reason });
    // One that was booked a moment ago comes with the next look at the clinic's calendar.
    if (!(await row.isVisible())) await this.checkNow();
    await row.click();
    await expect(this.#page.getByRole("region", { name: "Appointment" })).toContainText(reason);
  }

  async join(): Promise<void> {
    await this.#page.getByRole("button", { name: /^Join .* consultation/ }).click();
    await this.room.waitUntilOpen();
  }

  /** Opens a past consultation from the history; `index` 0 is the newest with this name. */
  async openRecord(patientName: string, index = 0): Promise<void> {
    await this.#goTo("History");
    await this.history.getByRole("option").filter({ hasText: patientName }).nth(index).click();
    await expect(this.record.getByRole("heading", { name: patientName })).toBeVisible();
  }

  /** Asks the server now instead of waiting for the next look. */
  async checkNow(): Promise<void> {
    await this.connection.getByRole("button").first().click();
    const details = this.#page.getByRole("dialog", { name: "Connection and sending" });
    await details.getByRole("button", { name: "Check now" }).click();
    await expect(details.getByRole("status")).toHaveText("Checked just now.");
    await this.#page.keyboard.press("Escape");
    await expect(details).toBeHidden();
  }

  async waitForConnection(state: "Connected" | "Offline"): Promise<void> {
    await expect(this.connection).toContainText(state, { timeout: 30_000 });
  }

  /** Waits until nothing is left to be sent. */
  async waitUntilSent(): Promise<void> {
    await expect(this.connection).toContainText("everything sent", { timeout: 30_000 });
  }

  get #navigation(): Locator {
    return this.#page.getByRole("navigation", { name: "Places" });
  }

  async #goTo(place: "Today" | "History"): Promise<void> {
    await this.#navigation.getByRole("link", { name: place }).click();
  }
}
