import { writeFileSync } from "node:fs";
import type { FullResult, Reporter, Suite } from "@playwright/test/reporter";
import type { SuiteTally } from "./tally.ts";

/** Counts what ran and why the rest did not, and writes it where `TALLY_FILE` says. */
export class TallyReporter implements Reporter {
  private suite: Suite | null = null;
  private errors = 0;

  onBegin(_config: unknown, suite: Suite): void {
    this.suite = suite;
  }

  onError(): void {
    this.errors += 1;
  }

  onEnd(result: FullResult): void {
    const tally: SuiteTally = { passed: 0, failed: this.errors, skipped: [] };
    for (const test of this.suite?.allTests() ?? []) {
      const outcome = test.outcome();
      if (outcome === "skipped") {
        const reason = test.annotations.find(({ type }) => type === "skip")?.description;
        tally.skipped.push({
          name: test.titlePath().join(" "),
          reason: reason ?? "no reason given",
        });
      } else if (outcome === "unexpected") tally.failed += 1;
      else tally.passed += 1;
    }
    if (result.status !== "passed" && tally.failed === 0) tally.failed = 1;
    const file = process.env.TALLY_FILE;
    if (file) writeFileSync(file, JSON.stringify(tally));
  }
}

// Playwright loads a reporter by its default export.
export { TallyReporter as default };
