import type { Bridge } from "#shared/contract/bridge.ts";

declare global {
  interface Window {
    /** Put there by the workstation's preload; absent on the patient page and in foreign apps. */
    readonly consultingRoom?: Bridge;
  }
}

/** Finds the workstation's bridge; null where no preload has put one. The only reader of the global. */
export const findWorkstationBridge = (): Bridge | null =>
  typeof window === "undefined" ? null : (window.consultingRoom ?? null);
