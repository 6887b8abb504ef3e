import type { Bridge } from "#shared/contract/bridge.ts";
import { FaultError } from "#renderer/data/fault-error.ts";
import { findWorkstationBridge } from "#renderer/bridge/workstation.ts";

let opening: Promise<Bridge> | null = null;

/**
 * The bridge of the app that the components stand in: the workstation's own, else one over
 * supabase-js, which is loaded only then. The same one for every component of a page.
 * A failure is not remembered, so that the next try begins anew.
 */
export async function openAppBridge(): Promise<Bridge> {
  const workstation = findWorkstationBridge();
  if (workstation) return workstation;
  opening ??= openBrowserBridge();
  try {
    return await opening;
  } catch (error) {
    opening = null;
    throw error;
  }
}

async function openBrowserBridge(): Promise<Bridge> {
  const [{ makeSupabaseBridge }, { getAppClient }, { ConsultationError }] = await Promise.all([
    import("#renderer/bridge/supabase/supabase-bridge.ts"),
    import("./app-client.ts"),
    import("#shared/consultation/consultation-error.ts"),
  ]);
  try {
    return makeSupabaseBridge(getAppClient());
  } catch (error) {
    const { code, message } = ConsultationError.from(error);
    throw new FaultError({ ok: false, fault: code, message, ref: null });
  }
}
