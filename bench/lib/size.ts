/** How large a run is. */
export type Size = {
  /** Sessions in the local file. */
  sessions: number;
  /** Sessions on the server that the first pull fetches. */
  syncSessions: number;
  /** How often each read is measured. */
  rounds: number;
  quick: boolean;
};

export const countOf = (name: string, otherwise: number, least = 20): number => {
  const given = Number(process.env[name] ?? otherwise);
  if (!Number.isInteger(given) || given < least || given % 10 !== 0) {
    throw new Error(`${name} must be a multiple of ten from ${least} on`);
  }
  return given;
};

/** The size that the command line and `BENCH_SESSIONS`, `BENCH_SYNC_SESSIONS` ask for. */
export function readSize(quick: boolean): Size {
  return {
    sessions: countOf("BENCH_SESSIONS", quick ? 200 : 10_000, 200),
    syncSessions: countOf("BENCH_SYNC_SESSIONS", quick ? 100 : 10_000),
    rounds: quick ? 40 : 200,
    quick,
  };
}
