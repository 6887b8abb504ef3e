import { useState } from "react";
import { MAX_MESSAGE_LENGTH, type Message } from "#shared/model/message.ts";
import { useDiscardMessage, useRetryMessage } from "#renderer/data/use-messages.ts";
import { useT } from "#renderer/i18n/Words.tsx";
import { Button } from "#renderer/ui/Button.tsx";
import { Dialog } from "#renderer/ui/Dialog.tsx";
import { StatusPill } from "#renderer/ui/StatusPill.tsx";
import { TextArea } from "#renderer/ui/TextArea.tsx";
import { FaultBanner } from "./FaultBanner.tsx";
import styles from "./RefusedMessage.module.css";

/** Why the server did not take a message, and what its author can do with it. */
export function RefusedMessage({
  message,
}: {
  message: Pick<Message, "id" | "sessionId" | "content" | "refusal">;
}) {
  const t = useT();
  const retry = useRetryMessage();
  const discard = useDiscardMessage();
  const [asking, setAsking] = useState<"edit" | "discard" | null>(null);
  const [text, setText] = useState(message.content);
  const close = () => setAsking(null);
  const isBlank = text.trim() === "" || text.length > MAX_MESSAGE_LENGTH;
  return (
    <div className={styles.refused}>
      <StatusPill plain tone="danger" shape="alert">
        {message.refusal
          ? t("room.delivery.refused", { reason: message.refusal })
          : t("room.delivery.refusedPlain")}
      </StatusPill>
      <div className={styles.actions}>
        <Button
          variant="quiet"
          icon="edit"
          onPress={() => {
            setText(message.content);
            setAsking("edit");
          }}
        >
          {t("room.edit")}
        </Button>
        <Button
          variant="quiet"
          icon="retry"
          isPending={retry.isPending}
          onPress={() => retry.mutate({ id: message.id })}
        >
          {t("room.retry")}
        </Button>
        <Button variant="quiet" icon="trash" onPress={() => setAsking("discard")}>
          {t("room.discard")}
        </Button>
      </div>
      {retry.error ? <FaultBanner fault={retry.error} /> : null}
      <Dialog
        isOpen={asking === "edit"}
        onClose={close}
        title={t("room.editLabel")}
        actions={
          <>
            <Button onPress={close}>{t("common.cancel")}</Button>
            <Button
              variant="primary"
              isDisabled={isBlank}
              isPending={retry.isPending}
              onPress={() => retry.mutate({ id: message.id, content: text }, { onSuccess: close })}
            >
              {t("room.saveAndSend")}
            </Button>
          </>
        }
      >
        <TextArea
          label={t("room.editLabel")}
          labelHidden
          value={text}
          onChange={setText}
          minLines={4}
          maxLines={14}
        />
      </Dialog>
      <Dialog
        isOpen={asking === "discard"}
        onClose={close}
        role="alertdialog"
        size="small"
        title={t("room.discardTitle")}
        actions={
          <>
            <Button onPress={close}>{t("common.cancel")}</Button>
            <Button
              variant="danger"
              isPending={discard.isPending}
              onPress={() => discard.mutate({ id: message.id, sessionId: message.sessionId })}
            >
              {t("room.discard")}
            </Button>
          </>
        }
      >
        <p>{t("room.discardBody")}</p>
        {discard.error ? <FaultBanner fault={discard.error} /> : null}
      </Dialog>
    </div>
  );
}
