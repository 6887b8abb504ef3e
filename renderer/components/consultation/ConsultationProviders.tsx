import { Suspense, use, useState, type ReactNode } from "react";
import type { Bridge } from "#shared/contract/bridge.ts";
import { BridgeProvider, useFoundBridge } from "#renderer/data/BridgeProvider.tsx";
import { toFault, type FaultError } from "#renderer/data/fault-error.ts";
import { useHasWords, useLanguageProps, useT, Words } from "#renderer/i18n/Words.tsx";
import { Root } from "#renderer/ui/Root.tsx";
import { Spinner } from "#renderer/ui/Spinner.tsx";
import { FaultBanner } from "./FaultBanner.tsx";
import { openAppBridge } from "./open-app-bridge.ts";
import styles from "./ConsultationProviders.module.css";

/**
 * Gives a component everything that it needs, so that it works alone in any React app:
 * words, look, and the bridge of the app around it (a provider above, the workstation's own,
 * or, when there is neither, one over supabase-js from `VITE_*`).
 */
export function ConsultationProviders({ children }: { children: ReactNode }) {
  return (
    <OwnLook className={styles.fill}>
      <OwnBridge>{children}</OwnBridge>
    </OwnLook>
  );
}

/** Words and look alone, for what opens its bridge later. */
export function ConsultationLook({ children }: { children: ReactNode }) {
  return <OwnLook className={styles.inline}>{children}</OwnLook>;
}

/** Words of its own, in the browser's language, unless the app around it has chosen already. */
function OwnLook({ className, children }: { className: string | undefined; children: ReactNode }) {
  if (useHasWords()) return <Root className={className}>{children}</Root>;
  return (
    <Words>
      <LanguageRoot className={className}>{children}</LanguageRoot>
    </Words>
  );
}

function LanguageRoot({
  className,
  children,
}: {
  className: string | undefined;
  children: ReactNode;
}) {
  return (
    <Root {...useLanguageProps()} className={className}>
      {children}
    </Root>
  );
}

function OwnBridge({ children }: { children: ReactNode }) {
  const above = useFoundBridge();
  return above ? children : <OpenedBridge>{children}</OpenedBridge>;
}

function OpenedBridge({ children }: { children: ReactNode }) {
  const t = useT();
  // Held above the boundary: what waits inside it keeps no state.
  const [opening, setOpening] = useState(openSafely);
  const wait = (
    <div className={styles.wait}>
      <Spinner label={t("common.loading")} />
    </div>
  );
  return (
    <Suspense fallback={wait}>
      <WhenOpen opening={opening} onRetry={() => setOpening(openSafely())}>
        {children}
      </WhenOpen>
    </Suspense>
  );
}

const openSafely = (): Promise<Bridge | FaultError> => openAppBridge().catch(toFault);

function WhenOpen({
  opening,
  onRetry,
  children,
}: {
  opening: Promise<Bridge | FaultError>;
  onRetry: () => void;
  children: ReactNode;
}) {
  const opened = use(opening);
  return opened instanceof Error ? (
    <FaultBanner fault={opened} onRetry={onRetry} />
  ) : (
    <BridgeProvider bridge={opened}>{children}</BridgeProvider>
  );
}
