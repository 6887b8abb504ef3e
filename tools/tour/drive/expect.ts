import { expect as playwrightExpect } from "@playwright/test";

/** Waits long enough for a small machine that runs a database, the workstation and a browser at once. */
export const expect = playwrightExpect.configure({ timeout: 20_000 });
