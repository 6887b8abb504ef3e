import { useState } from "react";
import { Button as PlainButton } from "react-aria-components/Button";
import type { Account } from "#shared/contract/state.ts";
import { useT } from "#renderer/i18n/Words.tsx";
import { Button } from "#renderer/ui/Button.tsx";
import { Icon } from "#renderer/ui/Icon.tsx";
import styles from "./StatusStrip.module.css";
import details from "./details.module.css";
import { Flyout } from "./Flyout.tsx";
import { SignOutDialog } from "./SignOutDialog.tsx";

/** Who is signed in, where, and the way out. */
export function AccountFlyout({ account }: { account: Account }) {
  const t = useT();
  const [asked, setAsked] = useState(false);
  const name = account.person?.name ?? account.email ?? "";
  return (
    <>
      <Flyout
        title={name}
        trigger={
          <PlainButton
            className={styles.account}
            aria-label={t("workstation.account.menu", { name })}
          >
            <Icon name="person" />
            <span className={styles.name}>
              <bdi>{name}</bdi>
            </span>
          </PlainButton>
        }
      >
        {(close) => (
          <>
            <dl className={details.facts}>
              {account.email === null ? null : (
                <>
                  <dt>{t("workstation.account.signedInAs")}</dt>
                  <dd>{account.email}</dd>
                </>
              )}
              {account.settings?.clinicName == null ? null : (
                <>
                  <dt>{t("workstation.account.clinic")}</dt>
                  <dd>
                    <bdi>{account.settings.clinicName}</bdi>
                  </dd>
                </>
              )}
              {account.server === null ? null : (
                <>
                  <dt>{t("workstation.account.server")}</dt>
                  <dd>{account.server}</dd>
                </>
              )}
            </dl>
            <div className={details.actions}>
              <Button
                icon="signOut"
                onPress={() => {
                  close();
                  setAsked(true);
                }}
              >
                {t("workstation.account.signOut")}
              </Button>
            </div>
          </>
        )}
      </Flyout>
      {asked ? <SignOutDialog onClose={() => setAsked(false)} /> : null}
    </>
  );
}
