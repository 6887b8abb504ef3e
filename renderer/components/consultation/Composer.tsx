import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent } from "react";
import { newMessageId, type SessionId } from "#shared/model/ids.ts";
import { MAX_MESSAGE_LENGTH } from "#shared/model/message.ts";
import { useDraft } from "#renderer/data/use-draft.ts";
import { useSend } from "#renderer/data/use-messages.ts";
import { useT } from "#renderer/i18n/Words.tsx";
import { IconButton } from "#renderer/ui/IconButton.tsx";
import { TextArea } from "#renderer/ui/TextArea.tsx";
import styles from "./Composer.module.css";
import { FaultBanner } from "./FaultBanner.tsx";

/** From how many characters before the limit on it is told. */
const TELL_FROM = 500;

/**
 * Where messages are written. Enter sends, Shift+Enter begins a line; the focus stays here.
 * What is typed is kept as a draft until it is sent; before the consultation is open one can write already.
 */
export function Composer({
  sessionId,
  isOffline,
}: {
  sessionId: SessionId | null;
  isOffline: boolean;
}) {
  const t = useT();
  const draft = useDraft(sessionId, "message");
  const send = useSend();
  const area = useRef<HTMLTextAreaElement>(null);
  const [isTouch] = useState(() => window.matchMedia?.("(pointer: coarse)").matches ?? false);

  useEffect(() => {
    // On a phone the focus would bring up the keyboard over half of the conversation.
    if (!isTouch) area.current?.focus();
  }, [isTouch]);

  const left = MAX_MESSAGE_LENGTH - draft.text.length;
  const canSend = draft.text.trim() !== "" && left >= 0;
  /** Enter was pressed before the consultation was open: the text goes out as soon as it is. */
  const [isAwaited, setAwaited] = useState(false);

  const sendTo = (id: SessionId) => {
    const content = draft.text;
    draft.hide();
    area.current?.focus();
    send.mutate(
      { id: newMessageId(), sessionId: id, content },
      // Nobody's words are lost: what could not be taken goes back to where it was typed.
      { onSuccess: draft.clear, onError: () => draft.restore(content) },
    );
  };
  const submit = () => {
    if (!canSend) return;
    if (sessionId === null) setAwaited(true);
    else sendTo(sessionId);
  };
  const opened = useEffectEvent((id: SessionId) => {
    if (isAwaited && canSend) sendTo(id);
  });
  useEffect(() => {
    if (sessionId !== null) opened(sessionId);
  }, [sessionId]);

  const onKeyDown = (event: KeyboardEvent) => {
    // Enter also ends the composition of a Chinese or Japanese word: that is not a send.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };

  return (
    <div className={styles.composer}>
      {send.error ? <FaultBanner fault={send.error} /> : null}
      <div className={styles.line}>
        <div className={styles.field}>
          <TextArea
            label={t("room.write")}
            labelHidden
            placeholder={t("room.write")}
            value={draft.text}
            onChange={(text) => {
              setAwaited(false);
              draft.setText(text);
            }}
            onKeyDown={onKeyDown}
            areaRef={area}
            maxLines={8}
          />
        </div>
        <IconButton
          icon="send"
          label={t("room.send")}
          shortcut="Enter"
          variant="primary"
          className={styles.send}
          isDisabled={!canSend}
          onPress={submit}
        />
      </div>
      <p
        className={styles.hint}
        data-tone={left < 0 ? "danger" : isOffline ? "warning" : undefined}
      >
        {left < 0
          ? t("room.tooLong", { count: -left })
          : left < TELL_FROM
            ? t("room.charactersLeft", { count: left })
            : isAwaited && sessionId === null
              ? t("room.sendsWhenOpen")
              : isOffline
                ? t("room.offlineBody")
                : isTouch
                  ? ""
                  : t("room.sendHint")}
      </p>
    </div>
  );
}
