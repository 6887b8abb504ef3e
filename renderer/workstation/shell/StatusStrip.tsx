import { useState } from "react";
import { Button as PlainButton } from "react-aria-components/Button";
import type { Account, Connection, SyncState } from "#shared/contract/state.ts";
import { useSyncState } from "#renderer/data/use-account.ts";
import { useFormat, useT } from "#renderer/i18n/Words.tsx";
import { LiveRegion } from "#renderer/ui/LiveRegion.tsx";
import { type Shape, StatusPill, type Tone } from "#renderer/ui/StatusPill.tsx";
import { AccountFlyout } from "./AccountFlyout.tsx";
import { Flyout } from "./Flyout.tsx";
import styles from "./StatusStrip.module.css";
import { SyncDetails } from "./SyncDetails.tsx";
import { UnsentWork } from "./UnsentWork.tsx";

const looks = {
  online: { shape: "dot", tone: "ok" },
  connecting: { shape: "quarter", tone: "warning" },
  offline: { shape: "ring", tone: "warning" },
} as const satisfies Record<Connection, { shape: Shape; tone: Tone }>;

/** The one line that says how things stand: connection, what waits, as of when, and who is signed in. */
export function StatusStrip({ account }: { account: Account }) {
  const t = useT();
  const sync = useSyncState();
  const [showing, setShowing] = useState(false);
  return (
    <footer
      className={styles.strip}
      aria-label={t("workstation.strip.label")}
      data-region
      tabIndex={-1}
    >
      {sync.data === undefined ? (
        <p className={styles.state}>
          {sync.isError ? t("workstation.strip.unknown") : t("workstation.strip.checking")}
        </p>
      ) : (
        <>
          <Flyout
            title={t("workstation.sync.title")}
            trigger={
              <PlainButton className={styles.state}>
                <State sync={sync.data} />
              </PlainButton>
            }
          >
            {(close) => (
              <SyncDetails
                sync={sync.data}
                server={account.server}
                onShowUnsent={() => {
                  close();
                  setShowing(true);
                }}
              />
            )}
          </Flyout>
          <Announcer connection={sync.data.connection} />
        </>
      )}
      <AccountFlyout account={account} />
      {showing ? <UnsentWork onClose={() => setShowing(false)} /> : null}
    </footer>
  );
}

function State({ sync }: { sync: SyncState }) {
  const t = useT();
  const format = useFormat();
  const look = looks[sync.connection];
  return (
    <>
      <StatusPill plain shape={look.shape} tone={look.tone}>
        {t(`workstation.strip.${sync.connection}`)}
      </StatusPill>
      {sync.fault === null ? null : (
        <StatusPill plain shape="alert" tone="danger">
          {t(`faults.${sync.fault.code}.title`)}
        </StatusPill>
      )}
      {sync.refused === 0 ? null : (
        <StatusPill plain shape="alert" tone="danger">
          {t("workstation.strip.refused", { count: sync.refused })}
        </StatusPill>
      )}
      {sync.queued > 0 ? (
        <StatusPill plain shape="quarter" tone="warning">
          {t("workstation.strip.notSent", { count: sync.queued })}
        </StatusPill>
      ) : sync.refused === 0 && sync.fault === null ? (
        <span className={styles.quiet}>{t("workstation.strip.allSent")}</span>
      ) : null}
      <span className={styles.quiet}>
        {sync.pulling !== null
          ? t("workstation.strip.pulling", { rows: format.number(sync.pulling.rows) })
          : sync.asOf === null
            ? t("workstation.strip.never")
            : t("workstation.strip.asOf", { time: format.moment(sync.asOf) })}
      </span>
    </>
  );
}

/** Says aloud that the connection has gone or come back; the first state is nothing new. */
function Announcer({ connection }: { connection: Connection }) {
  const t = useT();
  const [first] = useState(connection);
  const [changed, setChanged] = useState(false);
  if (!changed && connection !== first) setChanged(true);
  return (
    <LiveRegion
      text={changed && connection !== "connecting" ? t(`workstation.strip.${connection}`) : ""}
    />
  );
}
