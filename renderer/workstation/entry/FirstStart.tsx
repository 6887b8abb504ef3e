import { type SubmitEvent, useRef, useState } from "react";
import type { SetupCheck } from "#shared/contract/requests.ts";
import { useSaveSetup, useTestSetup } from "#renderer/data/use-account.ts";
import { useT } from "#renderer/i18n/Words.tsx";
import { Button } from "#renderer/ui/Button.tsx";
import { StatusPill } from "#renderer/ui/StatusPill.tsx";
import { TextField } from "#renderer/ui/TextField.tsx";
import { FaultBanner } from "#renderer/components/consultation/FaultBanner.tsx";
import { EntryPage } from "./EntryPage.tsx";
import styles from "./forms.module.css";

const CHECKS = [
  "url",
  "key",
  "reachable",
  "tables",
  "realtime",
] as const satisfies readonly SetupCheck["name"][];

/**
 * Asks for the clinic's project and tries it before it is used: address, key, server, tables and
 * live messages, each explained. Any change of the entries asks for a new test.
 */
export function FirstStart({ onBack }: { onBack?: () => void }) {
  const t = useT();
  const test = useTestSetup();
  const save = useSaveSetup();
  const [url, setUrl] = useState("");
  const [anonKey, setAnonKey] = useState("");
  const [tried, setTried] = useState(false);
  const urlField = useRef<HTMLInputElement>(null);
  const keyField = useRef<HTMLInputElement>(null);
  const checks = test.data?.checks ?? [];
  const good = checks.length > 0 && checks.every((check) => check.ok);
  const fault = save.error ?? test.error;

  const change = (set: (value: string) => void) => (value: string) => {
    set(value);
    test.reset();
    save.reset();
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (url.trim() === "") urlField.current?.focus();
    else if (anonKey.trim() === "") keyField.current?.focus();
    else if (good) save.mutate({ url, anonKey }, { onSuccess: onBack });
    else test.mutate({ url, anonKey });
  };

  return (
    <EntryPage wide title={t("workstation.setup.title")} lead={t("workstation.setup.intro")}>
      <form className={styles.form} onSubmit={submit} noValidate>
        <TextField
          label={t("workstation.setup.url")}
          description={t("workstation.setup.urlHelp")}
          type="url"
          autoComplete="off"
          inputRef={urlField}
          value={url}
          onChange={change(setUrl)}
          error={tried && url.trim() === "" ? t("workstation.setup.urlMissing") : null}
        />
        <TextField
          label={t("workstation.setup.key")}
          description={t("workstation.setup.keyHelp")}
          autoComplete="off"
          spellCheck="false"
          inputRef={keyField}
          value={anonKey}
          onChange={change(setAnonKey)}
          error={tried && anonKey.trim() === "" ? t("workstation.setup.keyMissing") : null}
        />
        <div className={styles.actions}>
          <Button
            type="submit"
            variant="primary"
            size="large"
            isPending={test.isPending || save.isPending}
          >
            {t(
              good
                ? "workstation.setup.use"
                : checks.length > 0
                  ? "workstation.setup.testAgain"
                  : "workstation.setup.test",
            )}
          </Button>
          {onBack ? (
            <Button variant="quiet" size="large" onPress={onBack}>
              {t("workstation.setup.back")}
            </Button>
          ) : null}
        </div>
      </form>
      <section aria-live="polite">
        <h2 className={styles.subtitle}>{t("workstation.setup.checks")}</h2>
        <ul className={styles.checks}>
          {CHECKS.map((name) => (
            <CheckRow
              key={name}
              name={name}
              check={checks.find((one) => one.name === name)}
              isTesting={test.isPending}
            />
          ))}
        </ul>
      </section>
      {fault === null ? null : <FaultBanner fault={fault} />}
    </EntryPage>
  );
}

function CheckRow({
  name,
  check,
  isTesting,
}: {
  name: SetupCheck["name"];
  check: SetupCheck | undefined;
  isTesting: boolean;
}) {
  const t = useT();
  return (
    <li className={styles.check} data-wrong={check?.ok === false || undefined}>
      <span className={styles.checkName}>{t(`workstation.setup.check.${name}`)}</span>
      {check === undefined ? (
        <StatusPill plain shape={isTesting ? "quarter" : "ring"}>
          {t(isTesting ? "workstation.setup.testing" : "workstation.setup.notTested")}
        </StatusPill>
      ) : check.ok ? (
        <StatusPill plain shape="check" tone="ok">
          {t("workstation.setup.okay")}
        </StatusPill>
      ) : (
        <StatusPill plain shape="alert" tone="danger">
          {t("workstation.setup.wrong")}
        </StatusPill>
      )}
      <span className={styles.found}>{check?.message}</span>
    </li>
  );
}
