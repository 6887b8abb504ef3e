import { useSignOut, useSyncState } from "#renderer/data/use-account.ts";
import { FaultBanner } from "#renderer/components/consultation/FaultBanner.tsx";
import { useT } from "#renderer/i18n/Words.tsx";
import { Button } from "#renderer/ui/Button.tsx";
import { Dialog } from "#renderer/ui/Dialog.tsx";

/**
 * Asks before this computer's records are removed. Work that has not been sent is named, and only
 * an own button discards it; when it goes out meanwhile, the question becomes the usual one again.
 */
export function SignOutDialog({ onClose }: { onClose: () => void }) {
  const t = useT();
  const sync = useSyncState();
  const signOut = useSignOut();
  const waiting = (sync.data?.queued ?? 0) + (sync.data?.refused ?? 0);
  // The main process knows better than the count on the screen.
  const refused = signOut.error?.code === "unsent_work";
  const unsent = waiting > 0;
  const fault = signOut.error === null || refused ? null : signOut.error;

  return (
    <Dialog
      isOpen
      onClose={onClose}
      role="alertdialog"
      size="small"
      title={t(unsent ? "workstation.account.unsentTitle" : "workstation.account.signOutTitle")}
      actions={
        <>
          <Button onPress={onClose}>
            {t(unsent ? "workstation.account.keepWaiting" : "common.cancel")}
          </Button>
          <Button
            variant={unsent ? "danger" : "primary"}
            isPending={signOut.isPending}
            onPress={() => signOut.mutate({ discardUnsent: unsent })}
          >
            {t(unsent ? "workstation.account.discard" : "workstation.account.signOut")}
          </Button>
        </>
      }
    >
      <p>
        {unsent
          ? t("workstation.account.unsentBody", { count: waiting })
          : t("workstation.account.signOutBody")}
      </p>
      {sync.data?.connection === "offline" && !unsent ? (
        <p>{t("workstation.account.signOutOffline")}</p>
      ) : null}
      {fault === null ? null : <FaultBanner fault={fault} />}
    </Dialog>
  );
}
