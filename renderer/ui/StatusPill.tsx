import type { ReactNode } from "react";
import styles from "./StatusPill.module.css";

export type Tone = "neutral" | "accent" | "ok" | "warning" | "danger" | "live";
/** The shape that says the same as the colour: ● now, ◔ waiting, ○ not yet, ‖ held, ✓ done, ! needs a hand. */
export type Shape = "dot" | "quarter" | "ring" | "bars" | "check" | "alert";

/** A state in one word, with a colour and a shape that both say it. */
export function StatusPill({
  tone = "neutral",
  shape,
  plain = false,
  children,
}: {
  tone?: Tone;
  shape: Shape;
  /** Without its ground, for rows and strips. */
  plain?: boolean;
  children: ReactNode;
}) {
  return (
    <span className={styles.pill} data-tone={tone} data-plain={plain || undefined}>
      <svg
        width="10"
        height="10"
        viewBox="0 0 10 10"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
      >
        {shapes[shape]}
      </svg>
      <span>{children}</span>
    </span>
  );
}

const shapes = {
  dot: <circle cx="5" cy="5" r="4" fill="currentColor" stroke="none" />,
  ring: <circle cx="5" cy="5" r="3.75" />,
  quarter: (
    <>
      <circle cx="5" cy="5" r="3.75" />
      <path d="M5 5V1.25A3.75 3.75 0 0 1 8.75 5z" fill="currentColor" stroke="none" />
    </>
  ),
  bars: <path d="M3 1.5v7M7 1.5v7" strokeWidth="2" />,
  check: <path d="m1.5 5.2 2.3 2.3 4.7-5" strokeLinecap="round" />,
  alert: <path d="M5 1v5M5 8.3v.4" strokeWidth="2" strokeLinecap="round" />,
} satisfies Record<Shape, ReactNode>;
