import { Emitter } from "./emitter.ts";

/** Electron's `powerMonitor`: a machine that never sleeps. Tests emit its events themselves. */
class PowerMonitor extends Emitter {
  readonly onBatteryPower = false;
  getSystemIdleTime = () => 0;
  getSystemIdleState = () => "active";
  isOnBatteryPower = () => false;
  getCurrentThermalState = () => "unknown";
}
export const powerMonitor = new PowerMonitor();

const blockers = new Set<number>();
let lastBlocker = 0;
export const powerSaveBlocker = {
  start(): number {
    blockers.add(++lastBlocker);
    return lastBlocker;
  },
  stop: (id: number): boolean => blockers.delete(id),
  isStarted: (id: number): boolean => blockers.has(id),
};
