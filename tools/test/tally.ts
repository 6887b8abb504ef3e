/** What came of one suite. */
export type SuiteTally = {
  passed: number;
  failed: number;
  skipped: { name: string; reason: string }[];
};

/** Adds suites up and tells them: the reason of each kind of skip, then the one line that counts. */
export function summarise(tallies: SuiteTally[]): { lines: string[]; failed: number } {
  const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
  const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0);
  const skipped = tallies.flatMap((tally) => tally.skipped);
  const reasons = Map.groupBy(skipped, (skip) => skip.reason);
  return {
    lines: [
      ...[...reasons].map(([reason, tests]) => `skipped ${tests.length}: ${reason}`),
      `${passed} passed, ${failed} failed, ${skipped.length} skipped`,
    ],
    failed,
  };
}
