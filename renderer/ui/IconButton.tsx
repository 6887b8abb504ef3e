import type { Ref } from "react";
import {
  Button as AriaButton,
  type ButtonProps as AriaButtonProps,
} from "react-aria-components/Button";
import { Icon, type IconName } from "./Icon.tsx";
import styles from "./IconButton.module.css";
import { joinClasses } from "./join-classes.ts";
import { Tooltip } from "./Tooltip.tsx";

export type IconButtonProps = Omit<
  AriaButtonProps,
  "children" | "className" | "style" | "aria-label"
> & {
  icon: IconName;
  /** What it does: its name for assistive technology and its tooltip. */
  label: string;
  shortcut?: string;
  variant?: "quiet" | "primary";
  className?: string;
  ref?: Ref<HTMLButtonElement>;
};

/** A button with a drawing on it, named by its tooltip. */
export function IconButton({
  icon,
  label,
  shortcut,
  variant = "quiet",
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip label={label} shortcut={shortcut}>
      <AriaButton
        {...rest}
        aria-label={label}
        className={joinClasses(styles.button, className)}
        data-variant={variant}
      >
        <Icon name={icon} />
      </AriaButton>
    </Tooltip>
  );
}
