import type { ReactNode } from "react";
import { Dialog as AriaDialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import styles from "./Dialog.module.css";
import { useRootProps } from "./Root.tsx";

export type DialogProps = {
  isOpen: boolean;
  /** Called when Escape or a press outside asks to close it. */
  onClose: () => void;
  title: string;
  /** `alert` for a question that must be answered: a press outside does not close it. */
  role?: "dialog" | "alertdialog";
  /** `screen` covers everything, e.g. a consultation opened from a button. */
  size?: "small" | "normal" | "screen";
  /** The buttons, the one to press last. */
  actions?: ReactNode;
  children: ReactNode;
};

/** Asks or shows one thing above the page. Keeps the focus inside and gives it back when it closes. */
export function Dialog({
  isOpen,
  onClose,
  title,
  role = "dialog",
  size = "normal",
  actions,
  children,
}: DialogProps) {
  const root = useRootProps(styles.overlay);
  return (
    <ModalOverlay
      {...root}
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      isDismissable={role === "dialog" && size !== "screen"}
      isKeyboardDismissDisabled={size === "screen"}
    >
      <Modal className={styles.modal} data-size={size}>
        <AriaDialog
          className={styles.dialog}
          role={role}
          {...(size === "screen" ? { "aria-label": title } : {})}
        >
          {size === "screen" ? null : (
            <Heading slot="title" className={styles.title}>
              {title}
            </Heading>
          )}
          <div className={styles.body}>{children}</div>
          {actions ? <div className={styles.actions}>{actions}</div> : null}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
