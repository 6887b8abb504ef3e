import { useEffect, useState } from "react";
import { FaultBanner } from "#renderer/components/consultation/FaultBanner.tsx";
import { openProject } from "#renderer/bridge/supabase/app-client.ts";
import {
  type SupabaseBridge,
  makeSupabaseBridge,
} from "#renderer/bridge/supabase/supabase-bridge.ts";
import { BridgeProvider } from "#renderer/data/BridgeProvider.tsx";
import { useAccount } from "#renderer/data/use-account.ts";
import { useLanguageProps, useT } from "#renderer/i18n/Words.tsx";
import { Root } from "#renderer/ui/Root.tsx";
import { Spinner } from "#renderer/ui/Spinner.tsx";
import { ConsultationError } from "#shared/consultation/consultation-error.ts";
import { type BuiltIn, type PageConfig, loadConfig } from "./config.ts";
import { PageFrame } from "./PageFrame.tsx";
import styles from "./PatientApp.module.css";
import { Places } from "./Places.tsx";
import { SignIn } from "./SignIn.tsx";

type Opened = { config: PageConfig; bridge: SupabaseBridge };

async function open(): Promise<Opened> {
  const config = await loadConfig(import.meta.env as BuiltIn);
  return { config, bridge: makeSupabaseBridge(openProject(config.url, config.anonKey)) };
}

/** The page that a patient joins from: opens the clinic's project, then shows who is there. */
export function PatientApp() {
  const t = useT();
  const language = useLanguageProps();
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    document.documentElement.lang = language.lang;
    document.documentElement.dir = language.dir;
    document.title = t("patient.title");
  }, [language.lang, language.dir, t]);

  return (
    <Root {...language} className={styles.root}>
      <Project key={attempt} onRetry={() => setAttempt(attempt + 1)} />
    </Root>
  );
}

/** Opens the project once, and closes it with the page. */
function Project({ onRetry }: { onRetry: () => void }) {
  const t = useT();
  const [opened, setOpened] = useState<Opened | ConsultationError | null>(null);

  useEffect(() => {
    let gone = false;
    let bridge: SupabaseBridge | null = null;
    const start = async () => {
      const result = await open().catch((error: unknown) => ConsultationError.from(error));
      if (!(result instanceof ConsultationError)) bridge = result.bridge;
      if (gone) bridge?.close();
      else setOpened(result);
    };
    void start();
    return () => {
      gone = true;
      bridge?.close();
    };
  }, []);

  if (opened === null) return <Waiting />;
  if (opened instanceof ConsultationError) {
    return (
      <PageFrame clinicName={null} clinicPhone={null}>
        <h1>{t("patient.configTitle")}</h1>
        <p>{t("patient.configBody")}</p>
        <FaultBanner fault={opened} onRetry={onRetry} />
      </PageFrame>
    );
  }
  return (
    <BridgeProvider bridge={opened.bridge}>
      <SignedIn config={opened.config} />
    </BridgeProvider>
  );
}

function SignedIn({ config }: { config: PageConfig }) {
  const account = useAccount();
  const settings = account.data?.settings;
  const clinic = {
    clinicName: settings?.clinicName ?? config.clinicName,
    clinicPhone: settings?.clinicPhone ?? config.clinicPhone,
    emergencyNumber: settings?.emergencyNumber ?? null,
  };
  if (account.data?.person) return <Places person={account.data.person} {...clinic} />;
  if (account.data) {
    return (
      <PageFrame {...clinic}>
        <SignIn />
      </PageFrame>
    );
  }
  if (account.error) {
    return (
      <PageFrame {...clinic}>
        <FaultBanner fault={account.error} onRetry={() => void account.refetch()} />
        {account.error.code === "account_blocked" ? <SignIn /> : null}
      </PageFrame>
    );
  }
  return <Waiting />;
}

function Waiting() {
  const t = useT();
  return (
    <main className={styles.waiting}>
      <Spinner label={t("patient.loading")} />
    </main>
  );
}
