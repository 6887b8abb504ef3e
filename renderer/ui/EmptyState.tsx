import type { ReactNode } from "react";
import styles from "./EmptyState.module.css";

/** Says that there is truly nothing here, and what would bring something. Never for a failure: see Banner. */
export function EmptyState({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={styles.empty}>
      <p className={styles.title}>{title}</p>
      {children ? <div className={styles.hint}>{children}</div> : null}
      {action}
    </div>
  );
}
