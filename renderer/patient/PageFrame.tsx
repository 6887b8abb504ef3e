import type { ReactNode } from "react";
import { useT } from "#renderer/i18n/Words.tsx";
import styles from "./PageFrame.module.css";

export type PageFrameProps = {
  clinicName: string | null;
  clinicPhone: string | null;
  emergencyNumber?: string | null;
  /** The one thing to press, at the bottom within reach of a thumb. */
  action?: ReactNode;
  /** Quiet ways out, under everything else. */
  foot?: ReactNode;
  children: ReactNode;
};

/** One question a screen: the clinic and its phone on top, words in the middle, one big button below. */
export function PageFrame({
  clinicName,
  clinicPhone,
  emergencyNumber = null,
  action,
  foot,
  children,
}: PageFrameProps) {
  const t = useT();
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <p className={styles.clinic}>{clinicName ?? t("patient.clinic")}</p>
        {clinicPhone ? (
          <a className={styles.phone} href={`tel:${clinicPhone.replaceAll(/[^+\d]/g, "")}`}>
            {t("patient.call", { phone: clinicPhone })}
          </a>
        ) : null}
      </header>
      <main className={styles.main}>{children}</main>
      {action ? <div className={styles.action}>{action}</div> : null}
      {foot || emergencyNumber ? (
        <footer className={styles.foot}>
          {foot}
          {emergencyNumber ? (
            <p className={styles.emergency}>
              {t("patient.emergency", { number: emergencyNumber })}
            </p>
          ) : null}
        </footer>
      ) : null}
    </div>
  );
}
