import { mkdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import type { Page } from "@playwright/test";
import { root } from "#tools/launch/root.ts";

/** Tells a story step by step: prints each with its time, and keeps a picture of what it led to. */
export class Guide {
  readonly #folder: string;
  #steps = 0;
  #startedAt = performance.now();

  constructor(folder: string) {
    this.#folder = folder;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }

  /** Runs one step, which must throw unless it was seen to happen; `show` is photographed after it. */
  async step<T>(title: string, run: () => Promise<T>, show?: () => [name: string, page: Page]) {
    const number = String(++this.#steps).padStart(2, "0");
    const startedAt = performance.now();
    const result = await run().catch((error: unknown) => {
      console.error(`${number}   FAILED  ${title}`);
      throw error;
    });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    const [name, page] = show?.() ?? [];
    const file = name && join(this.#folder, `${number}-${name}.png`);
    if (page && file) await page.screenshot({ path: file });
    const picture = file ? `  ${relative(root, file)}` : "";
    console.log(`${number}  ${`${seconds} s`.padStart(7)}  ${title.padEnd(62)}${picture}`);
    return result;
  }

  /** Keeps a picture of how things stood when a step failed. */
  async photographFailure(pages: Page[]): Promise<void> {
    for (const [index, page] of pages.entries()) {
      if (page.isClosed()) continue;
      const path = join(this.#folder, `failed-${index + 1}.png`);
      await page.screenshot({ path });
      console.error(`        ${relative(root, path)}`);
    }
  }

  tell(line: string): void {
    console.log(`             ${line}`);
  }

  /** The last line: how many steps there were and how long they took. */
  conclude(): void {
    const seconds = ((performance.now() - this.#startedAt) / 1000).toFixed(1);
    console.log(`\nAll ${this.#steps} steps were seen to happen, in ${seconds} s.`);
  }
}
