import { type ReactNode, useEffect, useRef } from "react";
import { useT } from "#renderer/i18n/Words.tsx";
import styles from "./EntryPage.module.css";

/** The quiet page for what comes before the work: connecting, signing in, being told why not. */
export function EntryPage({
  title,
  lead,
  wide = false,
  children,
}: {
  title: string;
  lead?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}) {
  const t = useT();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = t("workstation.windowTitle", { place: title });
  }, [t, title]);
  useEffect(() => {
    // A field that takes the focus by itself keeps it.
    if (document.activeElement === document.body) heading.current?.focus();
  }, []);
  return (
    <main className={styles.page}>
      <div className={styles.sheet} data-wide={wide || undefined}>
        <p className={styles.product}>{t("workstation.product")}</p>
        <div className={styles.head}>
          <h1 ref={heading} tabIndex={-1} className={styles.title}>
            {title}
          </h1>
          {lead ? <div className={styles.lead}>{lead}</div> : null}
        </div>
        {children}
      </div>
    </main>
  );
}
