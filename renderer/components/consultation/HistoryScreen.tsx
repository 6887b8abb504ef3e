import { useRef, useState } from "react";
import type { SessionId } from "#shared/model/ids.ts";
import { useT } from "#renderer/i18n/Words.tsx";
import { EmptyState } from "#renderer/ui/EmptyState.tsx";
import { HistoryList } from "./HistoryList.tsx";
import { HistoryRecord } from "./HistoryRecord.tsx";
import styles from "./HistoryScreen.module.css";

/**
 * List and record side by side; in a narrow place the record covers the list, which keeps its place.
 * Arrows choose, Enter goes to the record, Escape comes back.
 */
export function HistoryScreen({
  initial = null,
  onSelect,
}: {
  /** The consultation that is chosen at first. */
  initial?: SessionId | null;
  onSelect?: (sessionId: SessionId) => void;
}) {
  const t = useT();
  const [selected, setSelected] = useState<SessionId | null>(initial);
  const [isOpen, setOpen] = useState(initial !== null);
  const list = useRef<HTMLDivElement>(null);
  const record = useRef<HTMLElement>(null);

  const back = () => {
    setOpen(false);
    // The list becomes visible with the next paint, and only then takes the focus.
    requestAnimationFrame(() => list.current?.focus());
  };
  return (
    <div className={styles.history}>
      <div className={styles.panes} data-open={isOpen || undefined}>
        <div className={styles.list}>
          <HistoryList
            listRef={list}
            selected={selected}
            onSelect={(id) => {
              setSelected(id);
              onSelect?.(id);
            }}
            onOpen={(by) => {
              setOpen(true);
              if (by === "enter") requestAnimationFrame(() => record.current?.focus());
            }}
          />
        </div>
        <div className={styles.record}>
          {selected === null ? (
            <EmptyState title={t("history.chooseTitle")}>{t("history.chooseBody")}</EmptyState>
          ) : (
            <HistoryRecord key={selected} recordRef={record} sessionId={selected} onBack={back} />
          )}
        </div>
      </div>
    </div>
  );
}
