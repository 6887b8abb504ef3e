import { useEffect, useRef } from "react";
import type { Session, SessionSummary } from "#shared/model/session.ts";
import { useDraft } from "#renderer/data/use-draft.ts";
import { useEndSession } from "#renderer/data/use-sessions.ts";
import { useT } from "#renderer/i18n/Words.tsx";
import { Button } from "#renderer/ui/Button.tsx";
import { Dialog } from "#renderer/ui/Dialog.tsx";
import { TextArea } from "#renderer/ui/TextArea.tsx";
import { FaultBanner } from "./FaultBanner.tsx";

/** Asks the doctor to finish, with the notes for the record. What is typed is kept even if it is not finished now. */
export function FinishDialog({
  isOpen,
  session,
  seconds,
  name,
  onClose,
  onFinished,
}: {
  isOpen: boolean;
  session: Session | SessionSummary;
  seconds: number;
  name: string;
  onClose: () => void;
  onFinished: () => void;
}) {
  const t = useT();
  const draft = useDraft(session.id, "notes");
  const end = useEndSession();
  const notes = draft.text === "" && !draft.isTyped ? (session.notes ?? "") : draft.text;

  const finish = () => {
    const text = notes.trim();
    // Unchanged notes are left out, so that they overwrite nothing; emptied ones are a change.
    const changed = text !== (session.notes ?? "");
    end.mutate(
      { sessionId: session.id, durationSeconds: seconds, ...(changed ? { notes: text } : {}) },
      {
        onSuccess: () => {
          draft.clear();
          onFinished();
        },
      },
    );
  };

  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={t("room.finishTitle", { name })}
      actions={
        <>
          <Button onPress={onClose}>{t("common.cancel")}</Button>
          <Button variant="primary" onPress={finish} isPending={end.isPending}>
            {t("room.finishConfirm")}
          </Button>
        </>
      }
    >
      <p>{t("room.finishBody")}</p>
      <NotesField value={notes} onChange={draft.setText} />
      {end.error ? <FaultBanner fault={end.error} /> : null}
    </Dialog>
  );
}

/** The field of the notes; it takes the focus when it appears, since writing them is why one is here. */
function NotesField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const t = useT();
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => area.current?.focus(), []);
  return (
    <TextArea
      label={t("room.notes")}
      description={t("room.notesHelp")}
      value={value}
      onChange={onChange}
      areaRef={area}
      minLines={6}
      maxLines={14}
    />
  );
}
