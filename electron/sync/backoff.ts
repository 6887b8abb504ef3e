const FIRST_MS = 500;
const LONGEST_MS = 60_000;

/**
 * How long to wait after the n-th failure in a row (from 1): doubling up to a minute, of which a
 * random half is taken away, so that the workstations of a clinic do not come back all at once.
 */
export function backoffMs(failures: number, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** (Math.max(1, failures) - 1));
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}
