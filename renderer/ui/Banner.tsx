import type { ReactNode } from "react";
import styles from "./Banner.module.css";
import { Icon, type IconName } from "./Icon.tsx";

export type BannerProps = {
  tone?: "info" | "warning" | "danger" | "ok";
  title: string;
  /** What to do next. */
  children?: ReactNode;
  /** Buttons that do it. */
  actions?: ReactNode;
  /** The reference that finds the line in the log. */
  reference?: string | null;
};

const icons = { info: "info", warning: "warning", danger: "cross", ok: "check" } satisfies Record<
  NonNullable<BannerProps["tone"]>,
  IconName
>;

/** Says what happened and what to do next, in the place that it concerns. A danger is announced at once. */
export function Banner({ tone = "info", title, children, actions, reference }: BannerProps) {
  return (
    <div className={styles.banner} data-tone={tone} role={tone === "danger" ? "alert" : "status"}>
      <span className={styles.icon}>
        <Icon name={icons[tone]} />
      </span>
      <div className={styles.words}>
        <p className={styles.title}>{title}</p>
        {children ? <div>{children}</div> : null}
        {reference ? <p className={styles.reference}>{reference}</p> : null}
      </div>
      {actions ? <div className={styles.actions}>{actions}</div> : null}
    </div>
  );
}
