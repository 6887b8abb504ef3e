import type { BrowserWindow } from "./browser-window.ts";
import type { Page } from "./page.ts";

/** One window: its public face, and the page behind it. */
export type WindowEntry = { window: BrowserWindow; page: Page };

/** All open windows, oldest first, and which of them has the focus. */
export const windows = {
  all: new Map<number, WindowEntry>(),
  focusedId: null as number | null,
  lastId: 0,
};

export function findByTarget(targetId: string): WindowEntry | null {
  return [...windows.all.values()].find(({ page }) => page.targetId === targetId) ?? null;
}
