import { useEffect, useState } from "react";
import { FaultBanner } from "#renderer/components/consultation/FaultBanner.tsx";
import { useAccount } from "#renderer/data/use-account.ts";
import { useT } from "#renderer/i18n/Words.tsx";
import { Spinner } from "#renderer/ui/Spinner.tsx";
import styles from "./App.module.css";
import { EntryPage } from "./entry/EntryPage.tsx";
import { FirstStart } from "./entry/FirstStart.tsx";
import { SignIn } from "./entry/SignIn.tsx";
import { START, formatRoute } from "./route.ts";
import { Shell } from "./shell/Shell.tsx";

/** The workstation: connecting to a clinic, then signing in, then the work. */
export function App() {
  const t = useT();
  const account = useAccount();
  const [otherProject, setOtherProject] = useState(false);

  const isSignedOut = account.data?.person === null;

  useEffect(() => {
    // The next person must not arrive where the last one was.
    if (isSignedOut) window.history.replaceState(null, "", formatRoute(START));
  }, [isSignedOut]);

  if (account.data === undefined) {
    return account.isError ? (
      <EntryPage title={t("workstation.boot.cannotRead")} wide>
        <FaultBanner fault={account.error} onRetry={() => void account.refetch()} />
      </EntryPage>
    ) : (
      <div className={styles.opening}>
        <Spinner label={t("workstation.boot.reading")} />
      </div>
    );
  }
  const { configured, person, server } = account.data;
  if (person !== null) return <Shell key={person.id} account={account.data} />;
  if (!configured) return <FirstStart />;
  return otherProject ? (
    <FirstStart onBack={() => setOtherProject(false)} />
  ) : (
    <SignIn server={server} onOtherProject={() => setOtherProject(true)} />
  );
}
