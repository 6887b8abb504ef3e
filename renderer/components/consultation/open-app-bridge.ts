import type { Bridge } from "#shared/contract/bridge.ts";
import { FaultError } from "#renderer/data/fault-error.ts";
import { findWorkstationBridge } from "#renderer/bridge/workstation.ts";

/**
 * The bridge of the app that the components stand in: the workstation's own, else one over
 * supabase-js, which is loaded only then. The same one for every component of a page.
 * Throws a FaultError where the app gives neither a client nor `VITE_*`, or wrong ones.
 */
export async function openAppBridge(): Promise<Bridge> {
  const workstation = findWorkstationBridge();
  if (workstation) return workstation;
  const [{ getAppBridge }, { ConsultationError }] = await Promise.all([
    import("#renderer/bridge/supabase/app-client.ts"),
    import("#shared/consultation/consultation-error.ts"),
  ]);
  try {
    return getAppBridge();
  } catch (error) {
    const { code, message } = ConsultationError.from(error);
    throw new FaultError({ ok: false, fault: code, message, ref: null });
  }
}
