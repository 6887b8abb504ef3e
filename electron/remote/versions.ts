import type { ConsultationStatus } from "#shared/consultation/calls.ts";
import type { FaultCode } from "#shared/contract/fault.ts";

/** The schema that this app was written for, as `consultation_status()` counts it. */
export const SCHEMA_VERSION = 1;
/** The version that this app calls itself towards the server's `min_client`. */
export const CLIENT_VERSION = 1;

/** Whether app and script fit together; null when they do. */
export function findVersionFault(
  status: Pick<ConsultationStatus, "schema_version" | "min_client">,
): FaultCode | null {
  if (status.schema_version < SCHEMA_VERSION) return "tables_old";
  return Number(status.min_client ?? 0) > CLIENT_VERSION ? "app_old" : null;
}
