import { useT } from "#renderer/i18n/Words.tsx";
import { Button } from "#renderer/ui/Button.tsx";
import { Dialog } from "#renderer/ui/Dialog.tsx";

/** Makes sure that a patient who leaves knows that the consultation goes on. */
export function LeaveDialog({
  isOpen,
  onClose,
  onLeave,
}: {
  isOpen: boolean;
  onClose: () => void;
  onLeave: () => void;
}) {
  const t = useT();
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      size="small"
      title={t("room.leaveTitle")}
      actions={
        <>
          <Button onPress={onLeave}>{t("room.leaveConfirm")}</Button>
          <Button variant="primary" onPress={onClose}>
            {t("room.stay")}
          </Button>
        </>
      }
    >
      <p>{t("room.leaveBody")}</p>
    </Dialog>
  );
}
