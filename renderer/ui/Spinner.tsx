import { useEffect, useState } from "react";
import styles from "./Spinner.module.css";

/** How long a wait may last before it is shown, so that quick answers never flash. */
const DELAY_MS = 400;

/** Shows that something is being waited for, but only after a moment; its room is reserved at once. */
export function Spinner({ label, delayMs = DELAY_MS }: { label: string; delayMs?: number }) {
  const [late, setLate] = useState(delayMs === 0);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), delayMs);
    return () => clearTimeout(timer);
  }, [delayMs]);
  return (
    <output className={styles.spinner} data-late={late || undefined}>
      <span className={styles.wheel} aria-hidden="true" />
      <span className={styles.label}>{late ? label : ""}</span>
    </output>
  );
}
