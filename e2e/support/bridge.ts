import type { Bridge } from "#shared/contract/bridge.ts";

declare global {
  interface Window {
    /** What the preload gives the workstation's page. */
    readonly consultingRoom?: Bridge;
  }
}
