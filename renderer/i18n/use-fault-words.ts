import { useCallback } from "react";
import type { FaultCode } from "#shared/contract/fault.ts";
import { useT } from "./Words.tsx";

export type FaultWords = { title: string; next: string; reference: string | null };

/** Says a fault in the reader's language: what happened, what to do next, and the reference to give to support. */
export function useFaultWords(): (fault: { code: FaultCode; ref?: string | null }) => FaultWords {
  const t = useT();
  return useCallback(
    ({ code, ref }) => ({
      title: t(`faults.${code}.title`),
      next: t(`faults.${code}.next`),
      reference: ref ? t("common.reference", { ref }) : null,
    }),
    [t],
  );
}
