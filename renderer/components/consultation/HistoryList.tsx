import { useCallback, useMemo, useState, type RefObject } from "react";
import type { SessionId } from "#shared/model/ids.ts";
import type { SessionSummary } from "#shared/model/session.ts";
import { useAccount } from "#renderer/data/use-account.ts";
import { useAsOf } from "#renderer/data/use-as-of.ts";
import { toFault } from "#renderer/data/fault-error.ts";
import { useDebounced } from "#renderer/data/use-debounced.ts";
import { useSessions } from "#renderer/data/use-sessions.ts";
import { useFormat, useT } from "#renderer/i18n/Words.tsx";
import { Button } from "#renderer/ui/Button.tsx";
import { EmptyState } from "#renderer/ui/EmptyState.tsx";
import { Spinner } from "#renderer/ui/Spinner.tsx";
import { TextField } from "#renderer/ui/TextField.tsx";
import { VirtualList, type VirtualRow } from "#renderer/ui/VirtualList.tsx";
import { FaultBanner } from "./FaultBanner.tsx";
import styles from "./HistoryList.module.css";
import { HistoryRow, otherSideOf } from "./HistoryRow.tsx";

export type HistoryListProps = {
  listRef: RefObject<HTMLDivElement | null>;
  selected: SessionId | null;
  onSelect: (id: SessionId) => void;
  onOpen: (by: "press" | "enter") => void;
};

/** Every consultation that can be read, newest first, by day; narrowed by name and by day. */
export function HistoryList({ listRef, selected, onSelect, onOpen }: HistoryListProps) {
  const t = useT();
  const format = useFormat();
  const [person, setPerson] = useState("");
  const [day, setDay] = useState("");
  const asked = useDebounced(person.trim(), 150);
  const filter = useMemo(
    () => ({ ...(asked ? { person: asked } : {}), ...(day ? { day } : {}) }),
    [asked, day],
  );
  const sessions = useSessions(filter);
  const { data, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = sessions;
  const me = useAccount().data?.person?.id ?? null;
  const asOf = useAsOf(data?.asOf ?? null);

  const rows = useMemo(
    () => groupByDay(data?.items ?? [], format.dayKey, format.relativeDay),
    [data, format],
  );
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);

  const isFiltered = asked !== "" || day !== "";
  const clear = () => {
    setPerson("");
    setDay("");
  };
  return (
    <>
      <div className={styles.filters}>
        <TextField
          label={t("history.searchLabel")}
          labelHidden
          placeholder={t("history.searchPlaceholder")}
          type="search"
          value={person}
          onChange={setPerson}
        />
        <TextField
          label={t("history.dayLabel")}
          labelHidden
          type="date"
          value={day}
          onChange={setDay}
        />
      </div>
      <div className={styles.body}>
        {data === undefined ? (
          sessions.error ? (
            <FaultBanner fault={toFault(sessions.error)} onRetry={() => void sessions.refetch()} />
          ) : (
            <div className={styles.state}>
              <Spinner label={t("history.loading")} />
            </div>
          )
        ) : rows.length === 0 ? (
          <EmptyState
            title={t(isFiltered ? "history.noMatchTitle" : "history.emptyTitle")}
            action={
              isFiltered ? <Button onPress={clear}>{t("history.clearFilters")}</Button> : null
            }
          >
            {t(
              isFiltered
                ? "history.noMatchBody"
                : asOf === null
                  ? "history.emptyUnconfirmed"
                  : "history.emptyBody",
            )}
          </EmptyState>
        ) : (
          <VirtualList
            listRef={listRef}
            className={styles.list}
            label={t("history.list")}
            rows={rows}
            itemHeight={52}
            headerHeight={36}
            selected={selected}
            onSelect={(id) => onSelect(id as SessionId)}
            onAction={(_, by) => onOpen(by)}
            onEnd={more}
          >
            {(session) => <HistoryRow session={session} name={otherSideOf(session, me, t)} />}
          </VirtualList>
        )}
      </div>
      <div className={styles.strip}>
        {sessions.isFetchNextPageError ? (
          <FaultBanner
            fault={toFault(sessions.error)}
            onRetry={() => void sessions.fetchNextPage()}
          />
        ) : sessions.isFetchingNextPage ? (
          <Spinner label={t("history.loadingMore")} />
        ) : asOf === null ? (
          t("common.neverConfirmed")
        ) : (
          <time dateTime={asOf} title={format.full(asOf)}>
            {t("common.asOf", { time: format.moment(asOf) })}
          </time>
        )}
      </div>
    </>
  );
}

function groupByDay(
  sessions: readonly SessionSummary[],
  dayKey: (at: string) => string,
  title: (at: string) => string,
): VirtualRow<SessionSummary>[] {
  const rows: VirtualRow<SessionSummary>[] = [];
  let day: string | null = null;
  for (const session of sessions) {
    const key = dayKey(session.startedAt);
    if (key !== day) {
      rows.push({ kind: "header", id: `day-${key}`, title: title(session.startedAt) });
      day = key;
    }
    rows.push({ kind: "item", id: session.id, item: session });
  }
  return rows;
}
