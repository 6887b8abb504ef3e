import type { ConsultationStatus } from "#shared/consultation/calls.ts";
import type { FaultCode } from "#shared/contract/fault.ts";

/** The schema that this app was written for, as `consultation_status()` counts it. */
export const SCHEMA_VERSION = 1;

/** The three numbers of a version; what follows them (a pre-release) does not count. */
const numbersOf = (version: string): number[] =>
  version
    .split("-", 1)
    .join("")
    .split(".", 3)
    .map((part) => Number.parseInt(part, 10) || 0);

/** True where version `a` comes before version `b`. */
export function isOlder(a: string, b: string): boolean {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let at = 0; at < 3; at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** Whether the pasted script and this version of the app fit together; null when they do. */
export function findVersionFault(
  status: Pick<ConsultationStatus, "schema_version" | "min_client">,
  appVersion: string,
): FaultCode | null {
  if (status.schema_version < SCHEMA_VERSION) return "tables_old";
  return isOlder(appVersion, String(status.min_client ?? "0")) ? "app_old" : null;
}
