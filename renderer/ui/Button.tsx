import type { ReactNode, Ref } from "react";
import {
  Button as AriaButton,
  type ButtonProps as AriaButtonProps,
} from "react-aria-components/Button";
import styles from "./Button.module.css";
import { Icon, type IconName } from "./Icon.tsx";
import { joinClasses } from "./join-classes.ts";

export type ButtonProps = Omit<AriaButtonProps, "children" | "className" | "style"> & {
  /** `primary` once on a screen; `danger` for what cannot be taken back. */
  variant?: "primary" | "secondary" | "quiet" | "danger";
  /** `large` is the patient page's one big button. */
  size?: "normal" | "large";
  icon?: IconName;
  /** Takes the whole width. */
  wide?: boolean;
  className?: string;
  children: ReactNode;
  ref?: Ref<HTMLButtonElement>;
};

/** A button with a word on it. `isPending` keeps its size and its focus, and lets no second press through. */
export function Button({
  variant = "secondary",
  size = "normal",
  icon,
  wide = false,
  className,
  children,
  ...rest
}: ButtonProps) {
  return (
    <AriaButton
      {...rest}
      className={joinClasses(styles.button, className)}
      data-variant={variant}
      data-size={size}
      data-wide={wide || undefined}
    >
      {icon ? <Icon name={icon} size={size === "large" ? 20 : 16} /> : null}
      <span>{children}</span>
    </AriaButton>
  );
}
