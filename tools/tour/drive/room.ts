import type { Locator, Page } from "@playwright/test";
import { expect } from "./expect.ts";

/** The consultation room, which both sides see: the same component in the workstation and on the patient's page. */
export class Room {
  readonly #page: Page;
  readonly transcript: Locator;
  /** The words of every message, oldest first; earlier consultations included. */
  readonly messages: Locator;
  readonly dividers: Locator;
  readonly duration: Locator;
  readonly notSent: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.transcript = page.getByRole("log", { name: "Transcript" });
    this.messages = this.transcript.locator("[data-message] > p");
    this.dividers = this.transcript.getByRole("heading", { level: 3 });
    this.duration = page.getByRole("timer");
    this.notSent = this.transcript.getByText("Not sent yet.", { exact: false });
  }

  /** Waits until the consultation is open on this side. */
  async waitUntilOpen(): Promise<void> {
    await expect(this.duration).toHaveText(/\d:\d\d$/);
    await expect(this.transcript).toBeVisible();
  }

  async send(text: string): Promise<void> {
    await this.#page.getByRole("textbox", { name: "Write a message" }).fill(text);
    await this.#page.getByRole("textbox", { name: "Write a message" }).press("Enter");
  }

  message(text: string): Locator {
    return this.messages.filter({ hasText: text });
  }

  async waitForMessage(text: string): Promise<void> {
    await expect(this.message(text)).toBeVisible();
  }

  /** The duration that the room shows, in seconds. */
  async readDuration(): Promise<number> {
    const text = (await this.duration.textContent()) ?? "";
    const parts = text.split(":").map(Number);
    return parts.reduce((seconds, part) => seconds * 60 + part, 0);
  }

  /** The doctor ends the consultation with notes for the record. */
  async finish(notes: string): Promise<void> {
    await this.#page.getByRole("button", { name: "Finish", exact: true }).click();
    const dialog = this.#page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Notes for the record" }).fill(notes);
    await dialog.getByRole("button", { name: "Finish consultation" }).click();
    await expect(dialog).toBeHidden();
  }
}
