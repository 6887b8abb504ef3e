import { type SubmitEvent, useEffect, useId, useRef, useState } from "react";
import type { KeyboardEvent } from "react";
import { useSignIn } from "#renderer/data/use-account.ts";
import { useT } from "#renderer/i18n/Words.tsx";
import { Banner } from "#renderer/ui/Banner.tsx";
import { Button } from "#renderer/ui/Button.tsx";
import { Icon } from "#renderer/ui/Icon.tsx";
import { TextField } from "#renderer/ui/TextField.tsx";
import { FaultBanner } from "#renderer/components/consultation/FaultBanner.tsx";
import { useOnline } from "../use-online.ts";
import { EntryPage } from "./EntryPage.tsx";
import styles from "./forms.module.css";

export type SignInProps = {
  /** Host name of the clinic's project. */
  server: string | null;
  onOtherProject: () => void;
};

/** Asks who it is. What was typed stays until it is right; the password is never kept. */
export function SignIn({ server, onOtherProject }: SignInProps) {
  const t = useT();
  const signIn = useSignIn();
  const online = useOnline();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const [shown, setShown] = useState(false);
  const [capsLock, setCapsLock] = useState(false);
  const emailField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const form = useId();
  const fault = signIn.error;
  // Nobody is signed in, so nothing follows the server yet: only a try, or no network at all, can tell.
  const cut = fault === null ? !online : fault.code === "offline";

  useEffect(() => {
    if (fault?.code !== "wrong_credentials") return;
    passwordField.current?.focus();
    passwordField.current?.select();
  }, [fault]);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (email.trim() === "") emailField.current?.focus();
    else if (password === "") passwordField.current?.focus();
    else signIn.mutate({ email, password });
  };
  const watchCapsLock = (event: KeyboardEvent) => setCapsLock(event.getModifierState("CapsLock"));

  return (
    <EntryPage
      title={t("workstation.signIn.title")}
      lead={server === null ? null : t("workstation.signIn.at", { server })}
    >
      <form id={form} className={styles.form} onSubmit={submit} noValidate>
        <TextField
          label={t("workstation.signIn.email")}
          type="email"
          name="email"
          autoComplete="username"
          inputRef={emailField}
          value={email}
          onChange={setEmail}
          error={tried && email.trim() === "" ? t("workstation.signIn.emailMissing") : null}
        />
        <div className={styles.password}>
          <TextField
            label={t("workstation.signIn.password")}
            type={shown ? "text" : "password"}
            name="password"
            autoComplete="current-password"
            inputRef={passwordField}
            value={password}
            onChange={setPassword}
            onKeyDown={watchCapsLock}
            onKeyUp={watchCapsLock}
            onBlur={() => setCapsLock(false)}
            error={tried && password === "" ? t("workstation.signIn.passwordMissing") : null}
          />
          <div className={styles.beside}>
            <p className={styles.caps} role="status">
              {capsLock ? (
                <>
                  <Icon name="warning" />
                  {t("workstation.signIn.capsLock")}
                </>
              ) : null}
            </p>
            <Button variant="quiet" className={styles.small} onPress={() => setShown(!shown)}>
              {t(shown ? "workstation.signIn.hide" : "workstation.signIn.show")}
            </Button>
          </div>
        </div>
        <Button type="submit" variant="primary" size="large" wide isPending={signIn.isPending}>
          {t("workstation.signIn.submit")}
        </Button>
      </form>
      <div className={styles.notice}>
        {cut ? (
          <Banner tone="warning" title={t("workstation.signIn.offlineTitle")}>
            {t("workstation.signIn.offlineBody")}
          </Banner>
        ) : fault === null ? null : (
          <FaultBanner fault={fault} />
        )}
      </div>
      <p className={styles.foot}>
        <Button variant="quiet" className={styles.small} onPress={onOtherProject}>
          {t("workstation.signIn.otherProject")}
        </Button>
      </p>
    </EntryPage>
  );
}
