import type { Delivery } from "#shared/model/message.ts";
import { useT } from "#renderer/i18n/Words.tsx";
import { StatusPill } from "#renderer/ui/StatusPill.tsx";

/** Where a message is on its way, by word and by shape. */
export function DeliveryState({ delivery }: { delivery: Delivery }) {
  const t = useT();
  switch (delivery) {
    case "queued":
      return (
        <StatusPill plain tone="warning" shape="quarter">
          {t("room.delivery.queued")}
        </StatusPill>
      );
    case "sending":
      return (
        <StatusPill plain shape="ring">
          {t("room.delivery.sending")}
        </StatusPill>
      );
    case "sent":
      return (
        <StatusPill plain shape="check">
          {t("room.delivery.sent")}
        </StatusPill>
      );
    case "refused":
      return (
        <StatusPill plain tone="danger" shape="alert">
          {t("room.delivery.refusedPlain")}
        </StatusPill>
      );
  }
}
