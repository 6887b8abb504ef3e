import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";
import type { SuiteTally } from "./tally.ts";

/** Counts what ran and why the rest did not, and writes it where `TALLY_FILE` says. */
export class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tally: SuiteTally = { passed: 0, failed: errors.length, skipped: [] };
    for (const module of modules) {
      // A file that could not be loaded has no tests to count.
      const before = tally.passed + tally.failed + tally.skipped.length;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === "passed") tally.passed += 1;
        else if (result.state === "skipped") {
          tally.skipped.push({ name: test.fullName, reason: result.note ?? "no reason given" });
        } else tally.failed += 1;
      }
      const counted = tally.passed + tally.failed + tally.skipped.length > before;
      if (!counted || (module.state() === "failed" && module.errors().length > 0))
        tally.failed += 1;
    }
    const file = process.env.TALLY_FILE;
    if (file) writeFileSync(file, JSON.stringify(tally));
  }
}

// vitest loads a reporter by its default export.
export { TallyReporter as default };
