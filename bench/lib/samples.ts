/** What many measurements of one thing came to, in the unit of the goal. */
export type Summary = { p50: number; p95: number; max: number; count: number };

/** The value below which so large a part of the sorted samples lies. */
function quantile(sorted: readonly number[], part: number): number {
  const at = Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1);
  return sorted[Math.max(0, at)] ?? Number.NaN;
}

export function summarise(samples: readonly number[]): Summary {
  if (samples.length === 0) throw new Error("nothing was measured");
  const sorted = samples.toSorted((a, b) => a - b);
  return {
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    max: quantile(sorted, 1),
    count: sorted.length,
  };
}

/** Milliseconds that the work took. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Does the work so many times and times each; `warmUp` runs before it are not counted. */
export async function sample(
  count: number,
  work: (round: number) => unknown,
  warmUp = 3,
): Promise<Summary> {
  const samples: number[] = [];
  for (let round = 0; round < warmUp + count; round++) {
    const ms = await timed(() => work(round));
    if (round >= warmUp) samples.push(ms);
  }
  return summarise(samples);
}

/** Does the work again and again for so long, with a breath in between, and times each. */
export async function sampleFor(ms: number, work: (round: number) => unknown): Promise<Summary> {
  const samples: number[] = [];
  const end = performance.now() + ms;
  for (let round = 0; performance.now() < end; round++) {
    samples.push(await timed(() => work(round)));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return summarise(samples);
}
