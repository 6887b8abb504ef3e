import { useState } from "react";
import type { OutboxItem } from "#shared/model/outbox-item.ts";
import { FaultBanner } from "#renderer/components/consultation/FaultBanner.tsx";
import { RefusedMessage } from "#renderer/components/consultation/RefusedMessage.tsx";
import { useDiscardMessage } from "#renderer/data/use-messages.ts";
import { useDiscardEnd, useOutbox, useRetryEnd } from "#renderer/data/use-outbox.ts";
import { useFormat, useT } from "#renderer/i18n/Words.tsx";
import { Button } from "#renderer/ui/Button.tsx";
import { Dialog } from "#renderer/ui/Dialog.tsx";
import { Spinner } from "#renderer/ui/Spinner.tsx";
import { StatusPill } from "#renderer/ui/StatusPill.tsx";
import { useRoute } from "../use-route.ts";
import styles from "./UnsentWork.module.css";

/** All that exists only on this computer, each with its ways out. */
export function UnsentWork({ onClose }: { onClose: () => void }) {
  const t = useT();
  const outbox = useOutbox();
  const items = outbox.data?.items;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("workstation.unsent.title")}
      actions={<Button onPress={onClose}>{t("common.close")}</Button>}
    >
      {outbox.error ? (
        <FaultBanner fault={outbox.error} onRetry={() => void outbox.refetch()} />
      ) : items === undefined ? (
        <Spinner label={t("common.loading")} />
      ) : items.length === 0 ? (
        <p>{t("workstation.unsent.none")}</p>
      ) : (
        <ul className={styles.list}>
          {items.map((item) => (
            <Item key={`${item.kind} ${item.id}`} item={item} onOpened={onClose} />
          ))}
        </ul>
      )}
    </Dialog>
  );
}

function Item({ item, onOpened }: { item: OutboxItem; onOpened: () => void }) {
  const t = useT();
  const format = useFormat();
  const [, go] = useRoute();
  const { consultation } = item;
  const open = () => {
    if (consultation === null) return;
    const { appointmentId, type, status } = consultation;
    go(
      status === "ended"
        ? { screen: "today", day: null, appointmentId }
        : { screen: "room", appointmentId, type },
    );
    onOpened();
  };
  return (
    <li className={styles.item}>
      <p className={styles.about}>
        {t(`workstation.unsent.${item.kind}`)}
        {" · "}
        <bdi>
          {consultation === null
            ? t("workstation.unsent.notYours")
            : (consultation.personName ?? t("common.unknownPatient"))}
        </bdi>
        {item.createdAt === null ? null : ` · ${format.moment(item.createdAt)}`}
      </p>
      {item.kind === "message" ? <p className={styles.text}>{item.content}</p> : null}
      <WaysOut item={item} />
      {consultation === null ? null : (
        <Button variant="quiet" onPress={open}>
          {t("workstation.unsent.open")}
        </Button>
      )}
    </li>
  );
}

function WaysOut({ item }: { item: OutboxItem }) {
  const t = useT();
  if (item.kind === "message" && item.state === "refused") {
    const { id, sessionId, content, reason } = item;
    return <RefusedMessage message={{ id, sessionId, content, refusal: reason }} />;
  }
  return (
    <>
      {item.state === "unsaved" ? null : (
        <StatusPill
          plain
          tone={item.state === "refused" ? "danger" : "warning"}
          shape={item.state === "refused" ? "alert" : "quarter"}
        >
          {item.reason ?? t("workstation.unsent.waits")}
        </StatusPill>
      )}
      {item.state === "sending" ? null : <Discardable item={item} />}
    </>
  );
}

/** The ways out of what is no refused message: try an end again, or throw the thing away. */
function Discardable({ item }: { item: OutboxItem }) {
  const t = useT();
  const retry = useRetryEnd();
  const discardEnd = useDiscardEnd();
  const discardMessage = useDiscardMessage();
  const [asking, setAsking] = useState(false);
  const { sessionId } = item;
  const error = retry.error ?? discardEnd.error ?? discardMessage.error;
  const discard = () => {
    if (item.kind === "message") discardMessage.mutate({ id: item.id, sessionId });
    else discardEnd.mutate({ sessionId });
    setAsking(false);
  };
  return (
    <>
      <div className={styles.actions}>
        {item.kind === "end" && item.state === "refused" ? (
          <Button
            variant="quiet"
            icon="retry"
            isPending={retry.isPending}
            onPress={() => retry.mutate({ sessionId })}
          >
            {t("room.retry")}
          </Button>
        ) : null}
        <Button variant="quiet" icon="trash" onPress={() => setAsking(true)}>
          {t("room.discard")}
        </Button>
      </div>
      {error ? <FaultBanner fault={error} /> : null}
      <Dialog
        isOpen={asking}
        onClose={() => setAsking(false)}
        role="alertdialog"
        size="small"
        title={t("workstation.unsent.discardTitle")}
        actions={
          <>
            <Button onPress={() => setAsking(false)}>{t("common.cancel")}</Button>
            <Button variant="danger" onPress={discard}>
              {t("room.discard")}
            </Button>
          </>
        }
      >
        <p>{t("room.discardBody")}</p>
      </Dialog>
    </>
  );
}
