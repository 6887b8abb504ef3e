import { type ReactElement, type ReactNode, useState } from "react";
import { Dialog, DialogTrigger } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";
import { Heading } from "react-aria-components/Heading";
import { useRootProps } from "#renderer/ui/Root.tsx";
import styles from "./Flyout.module.css";

/** A small sheet that opens from a button and closes by Escape, or by a press anywhere else. */
export function Flyout({
  trigger,
  title,
  children,
}: {
  /** The button that opens it. */
  trigger: ReactElement;
  title: string;
  children: (close: () => void) => ReactNode;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      {trigger}
      <Popover {...useRootProps(styles.flyout)} placement="top" offset={6}>
        <Dialog className={styles.dialog}>
          <Heading slot="title" className={styles.title}>
            {title}
          </Heading>
          {children(() => setOpen(false))}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
