import type { ReactElement } from "react";
import { Tooltip as AriaTooltip, TooltipTrigger } from "react-aria-components/Tooltip";
import { useRootProps } from "./Root.tsx";
import styles from "./Tooltip.module.css";

export type TooltipProps = {
  label: string;
  /** The keys that do the same, as they are printed on them, e.g. `Ctrl+K`. */
  shortcut?: string;
  /** Where there is room for it; above, unless told otherwise. */
  placement?: "top" | "end";
  children: ReactElement;
};

/** Names what it wraps on hover and on keyboard focus, with its shortcut. The child must take focus. */
export function Tooltip({ label, shortcut, placement = "top", children }: TooltipProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={100}>
      {children}
      <AriaTooltip {...useRootProps(styles.tooltip)} placement={placement} offset={6}>
        {label}
        {shortcut ? <kbd className={styles.keys}>{shortcut}</kbd> : null}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
