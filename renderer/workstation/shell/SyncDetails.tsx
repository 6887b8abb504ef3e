import type { SyncState } from "#shared/contract/state.ts";
import { FaultBanner } from "#renderer/components/consultation/FaultBanner.tsx";
import { useSyncNow } from "#renderer/data/use-account.ts";
import { useFormat, useT } from "#renderer/i18n/Words.tsx";
import { Button } from "#renderer/ui/Button.tsx";
import styles from "./details.module.css";

/** The state of connection and sending in whole sentences, with what can be done about it. */
export function SyncDetails({
  sync,
  server,
  onShowUnsent,
}: {
  sync: SyncState;
  server: string | null;
  /** Shows what exists only on this computer. */
  onShowUnsent: () => void;
}) {
  const t = useT();
  const format = useFormat();
  const checkNow = useSyncNow();
  return (
    <>
      <p>
        {t(`workstation.sync.${sync.connection}`, {
          server: server ?? t("workstation.sync.theServer"),
        })}
      </p>
      {sync.fault === null ? null : <FaultBanner fault={{ code: sync.fault.code }} />}
      <dl className={styles.facts}>
        <dt>{t("workstation.sync.asOf")}</dt>
        <dd>{sync.asOf === null ? t("workstation.sync.never") : format.full(sync.asOf)}</dd>
        <dt>{t("workstation.sync.sending")}</dt>
        <dd>
          {sync.queued === 0
            ? t("workstation.sync.nothingWaits")
            : t("workstation.sync.waits", { count: sync.queued })}
        </dd>
        {sync.refused === 0 ? null : (
          <>
            <dt>{t("workstation.sync.refused")}</dt>
            <dd>{t("workstation.sync.refusedBody", { count: sync.refused })}</dd>
          </>
        )}
      </dl>
      <div className={styles.actions}>
        <Button isPending={checkNow.isPending} onPress={() => checkNow.mutate({})}>
          {t("workstation.sync.now")}
        </Button>
        {sync.queued + sync.refused === 0 ? null : (
          <Button variant="quiet" onPress={onShowUnsent}>
            {t("workstation.unsent.show")}
          </Button>
        )}
        <p className={styles.said} role="status">
          {checkNow.isSuccess
            ? t("workstation.sync.checked")
            : checkNow.isError
              ? t(`faults.${checkNow.error.code}.title`)
              : null}
        </p>
      </div>
    </>
  );
}
