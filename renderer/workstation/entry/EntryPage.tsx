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
  const page = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = t("workstation.windowTitle", { place: title });
  }, [t, title]);
  useEffect(() => {
    // Such a page is made for one thing: its first field, or what it has to say.
    (page.current?.querySelector("input") ?? page.current?.querySelector("h1"))?.focus();
  }, []);
  return (
    <main ref={page} className={styles.page} data-wide={wide || undefined}>
      <div className={styles.sheet} data-wide={wide || undefined}>
        <p className={styles.product}>{t("workstation.product")}</p>
        <div className={styles.head}>
          <h1 tabIndex={-1} className={styles.title}>
            {title}
          </h1>
          {lead ? <div className={styles.lead}>{lead}</div> : null}
        </div>
        {children}
      </div>
    </main>
  );
}
