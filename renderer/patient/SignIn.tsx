import { type FormEvent, useState } from "react";
import { FaultBanner } from "#renderer/components/consultation/FaultBanner.tsx";
import { useSignIn } from "#renderer/data/use-account.ts";
import { useT } from "#renderer/i18n/Words.tsx";
import { Button } from "#renderer/ui/Button.tsx";
import { TextField } from "#renderer/ui/TextField.tsx";
import styles from "./SignIn.module.css";

/** Asks for email and password. What was typed stays when the server says no. */
export function SignIn() {
  const t = useT();
  const signIn = useSignIn();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (email.trim() === "" || password === "" || signIn.isPending) return;
    signIn.mutate({ email: email.trim(), password });
  };

  return (
    <>
      <h1>{t("patient.signIn.title")}</h1>
      <p>{t("patient.signIn.intro")}</p>
      <form className={styles.form} onSubmit={submit} noValidate>
        <TextField
          label={t("patient.signIn.email")}
          type="email"
          name="email"
          autoComplete="username"
          inputMode="email"
          value={email}
          onChange={setEmail}
          error={tried && email.trim() === "" ? t("patient.signIn.emailMissing") : null}
        />
        <TextField
          label={t("patient.signIn.password")}
          type="password"
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
          error={tried && password === "" ? t("patient.signIn.passwordMissing") : null}
        />
        {signIn.error ? <FaultBanner fault={signIn.error} /> : null}
        <Button type="submit" variant="primary" size="large" wide isPending={signIn.isPending}>
          {t("patient.signIn.submit")}
        </Button>
      </form>
    </>
  );
}
