import { useState } from "react";
import { useSignOut, useSyncNow, useSyncState } from "#renderer/data/use-account.ts";
import { useOutbox } from "#renderer/data/use-outbox.ts";
import { FaultBanner } from "#renderer/components/consultation/FaultBanner.tsx";
import { useT } from "#renderer/i18n/Words.tsx";
import { Button } from "#renderer/ui/Button.tsx";
import { Dialog } from "#renderer/ui/Dialog.tsx";
import details from "./details.module.css";
import { UnsentWork } from "./UnsentWork.tsx";

/**
 * Asks before this computer's records are removed. Work that has not been sent is named: it can be
 * sent now, looked at, kept sealed for the next sign-in, or thrown away by an own button. When it goes
 * out meanwhile, the question becomes the usual one again.
 */
export function SignOutDialog({ onClose }: { onClose: () => void }) {
  const t = useT();
  const sync = useSyncState();
  const outbox = useOutbox();
  const sendNow = useSyncNow();
  const signOut = useSignOut();
  const [showing, setShowing] = useState(false);
  const waiting = outbox.data?.items.length ?? (sync.data?.queued ?? 0) + (sync.data?.refused ?? 0);
  // The main process knows better than the count on the screen.
  const refused = signOut.error?.code === "unsent_work";
  const unsent = waiting > 0;
  const fault = signOut.error === null || refused ? null : signOut.error;

  return (
    <Dialog
      isOpen
      onClose={onClose}
      role="alertdialog"
      size={unsent ? "normal" : "small"}
      title={t(unsent ? "workstation.account.unsentTitle" : "workstation.account.signOutTitle")}
      actions={
        <>
          <Button onPress={onClose}>
            {t(unsent ? "workstation.account.keepWaiting" : "common.cancel")}
          </Button>
          {unsent ? (
            <Button
              variant="danger"
              isPending={signOut.isPending}
              onPress={() => signOut.mutate({ discardUnsent: true })}
            >
              {t("workstation.account.discard")}
            </Button>
          ) : null}
          <Button
            variant="primary"
            isPending={signOut.isPending}
            onPress={() => signOut.mutate({ discardUnsent: false, keepUnsent: unsent })}
          >
            {t(unsent ? "workstation.account.seal" : "workstation.account.signOut")}
          </Button>
        </>
      }
    >
      <p>
        {unsent
          ? t("workstation.account.unsentBody", { count: waiting })
          : t("workstation.account.signOutBody")}
      </p>
      {unsent ? (
        <>
          <p>{t("workstation.account.sealBody")}</p>
          <div className={details.actions}>
            <Button
              icon="retry"
              isPending={sendNow.isPending}
              onPress={() => sendNow.mutate({}, { onSettled: () => void outbox.refetch() })}
            >
              {t("workstation.account.sendNow")}
            </Button>
            <Button variant="quiet" onPress={() => setShowing(true)}>
              {t("workstation.unsent.show")}
            </Button>
          </div>
          {sendNow.error === null ? null : <FaultBanner fault={sendNow.error} />}
        </>
      ) : null}
      {sync.data?.connection === "offline" && !unsent ? (
        <p>{t("workstation.account.signOutOffline")}</p>
      ) : null}
      {fault === null ? null : <FaultBanner fault={fault} />}
      {showing ? <UnsentWork onClose={() => setShowing(false)} /> : null}
    </Dialog>
  );
}
