import { cpus, loadavg, totalmem } from "node:os";

/** The machine of a run, without its name. */
export type Machine = {
  processor: string;
  cores: number;
  memoryGb: number;
  platform: string;
  node: string;
  /** Runnable processes in the minute before the run and at its end: above `cores`, figures are worse than the machine. */
  loadBefore: number;
  loadAfter: number;
};

export const currentLoad = (): number => Math.round((loadavg()[0] ?? 0) * 10) / 10;

export function describeMachine(loadBefore: number): Machine {
  const all = cpus();
  return {
    processor: all[0]?.model.trim() ?? "unknown",
    cores: all.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    loadBefore,
    loadAfter: currentLoad(),
  };
}
