import { StrictMode, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import type { Bridge } from "#shared/contract/bridge.ts";
import { BridgeProvider } from "#renderer/data/BridgeProvider.tsx";
import { useLanguageProps, useT, Words } from "#renderer/i18n/Words.tsx";
import { Root } from "#renderer/ui/Root.tsx";
import { App } from "./App.tsx";
import styles from "./App.module.css";
import { CrashNotice } from "./CrashNotice.tsx";
import { EntryPage } from "./entry/EntryPage.tsx";
import { ErrorBoundary } from "./ErrorBoundary.tsx";

/** Puts the workstation on the page. */
export const mountWorkstation = (page: Element, bridge: Bridge | null): void => {
  createRoot(page).render(
    <StrictMode>
      <Workstation bridge={bridge} />
    </StrictMode>,
  );
};

/** The whole workstation; without a bridge it says that it does not belong there. */
export function Workstation({ bridge }: { bridge: Bridge | null }) {
  return (
    <Words>
      <LanguageRoot>
        <ErrorBoundary renderFailure={() => <CrashNotice />}>
          {bridge === null ? (
            <NotHere />
          ) : (
            <BridgeProvider bridge={bridge}>
              <App />
            </BridgeProvider>
          )}
        </ErrorBoundary>
      </LanguageRoot>
    </Words>
  );
}

function LanguageRoot({ children }: { children: ReactNode }) {
  return (
    <Root {...useLanguageProps()} className={styles.root}>
      {children}
    </Root>
  );
}

function NotHere() {
  const t = useT();
  return (
    <EntryPage title={t("workstation.boot.notHere")}>
      <p>{t("workstation.boot.notHereBody")}</p>
    </EntryPage>
  );
}
