import type { ReactNode } from "react";
import type { FaultCode } from "#shared/contract/fault.ts";
import { useFaultWords } from "#renderer/i18n/use-fault-words.ts";
import { useT } from "#renderer/i18n/Words.tsx";
import { Banner } from "#renderer/ui/Banner.tsx";
import { Button } from "#renderer/ui/Button.tsx";

/** What passes or is known already: it warns, and does not interrupt. */
const mild: ReadonlySet<FaultCode> = new Set([
  "offline",
  "realtime_off",
  "already_ended",
  "cancelled",
]);

/** Says a fault in plain words with the next step, and offers to try again where that can help. */
export function FaultBanner({
  fault,
  onRetry,
  actions,
}: {
  fault: { code: FaultCode; ref?: string | null };
  onRetry?: () => void;
  actions?: ReactNode;
}) {
  const t = useT();
  const words = useFaultWords()(fault);
  return (
    <Banner
      tone={mild.has(fault.code) ? "warning" : "danger"}
      title={words.title}
      reference={words.reference}
      actions={
        onRetry || actions ? (
          <>
            {onRetry ? <Button onPress={onRetry}>{t("common.retry")}</Button> : null}
            {actions}
          </>
        ) : null
      }
    >
      {words.next}
    </Banner>
  );
}
