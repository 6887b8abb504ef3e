import { useVirtualizer } from "@tanstack/react-virtual";
import {
  useEffect,
  useRef,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type RefObject,
} from "react";
import { joinClasses } from "./join-classes.ts";
import styles from "./VirtualList.module.css";

export type VirtualRow<T> =
  { kind: "header"; id: string; title: string } | { kind: "item"; id: string; item: T };

export type VirtualListProps<T> = {
  label: string;
  rows: readonly VirtualRow<T>[];
  /** Heights in px; rows of one kind are equally high, so that nothing is measured and nothing jumps. */
  itemHeight: number;
  headerHeight: number;
  selected: string | null;
  onSelect: (id: string) => void;
  /** A row was pressed, or Enter was. */
  onAction?: (id: string, by: "press" | "enter") => void;
  /** Takes the focus back to the list. */
  listRef?: RefObject<HTMLDivElement | null>;
  /** Called when the end comes near. */
  onEnd?: () => void;
  className?: string;
  children: (item: T, selected: boolean) => ReactNode;
};

/**
 * A list of any length of which only the visible rows exist. One tab stop; arrows, Page, Home and End
 * choose; the chosen row is kept in view. Choosing moves no focus: the list itself holds it.
 */
export function VirtualList<T>({
  label,
  rows,
  itemHeight,
  headerHeight,
  selected,
  onSelect,
  onAction,
  onEnd,
  listRef,
  className,
  children,
}: VirtualListProps<T>) {
  const own = useRef<HTMLDivElement>(null);
  const scroller = listRef ?? own;
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === "header" ? headerHeight : itemHeight),
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
    initialRect: { width: 320, height: 640 },
  });
  const visible = virtualizer.getVirtualItems();
  const lastVisible = visible.at(-1)?.index ?? -1;
  const nearEnd = rows.length > 0 && lastVisible >= rows.length - 10;
  useEffect(() => {
    if (nearEnd) onEnd?.();
  }, [nearEnd, rows.length, onEnd]);

  const move = (event: KeyboardEvent) => {
    const at = rows.findIndex((row) => row.id === selected);
    const target = targetOf(event.key, at, rows);
    if (target !== null) {
      event.preventDefault();
      onSelect(rows[target]!.id);
      virtualizer.scrollToIndex(target, { align: "auto" });
    } else if (event.key === "Enter" && selected !== null) {
      event.preventDefault();
      onAction?.(selected, "enter");
    }
  };

  const press = (event: MouseEvent) => {
    const row = (event.target as Element).closest("[data-row]")?.getAttribute("data-row");
    if (row == null) return;
    onSelect(row);
    onAction?.(row, "press");
  };

  return (
    // The list is one stop of the keyboard; its rows are reached by arrows, and by pressing them.
    <div
      ref={scroller}
      role="listbox"
      aria-label={label}
      aria-activedescendant={selected === null ? undefined : rowId(selected)}
      tabIndex={0}
      className={joinClasses(styles.scroller, className)}
      onKeyDown={move}
      onClick={press}
    >
      <div
        role="presentation"
        className={styles.rows}
        style={{ blockSize: virtualizer.getTotalSize() }}
      >
        {visible.map(({ index, key, start, size }) => {
          const row = rows[index]!;
          const place = { transform: `translateY(${start}px)`, blockSize: size };
          if (row.kind === "header") {
            return (
              <div key={key} role="presentation" className={styles.header} style={place}>
                {row.title}
              </div>
            );
          }
          const chosen = row.id === selected;
          return (
            <div
              key={key}
              id={rowId(row.id)}
              data-row={row.id}
              role="option"
              aria-selected={chosen}
              tabIndex={-1}
              className={styles.row}
              style={place}
            >
              {children(row.item, chosen)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

const rowId = (id: string) => `cr-row-${id}`;

const PAGE_ROWS = 10;

/** The index of the row that a key leads to from `at` (-1: none chosen); null when the key leads nowhere. */
function targetOf<T>(key: string, at: number, rows: readonly VirtualRow<T>[]): number | null {
  const seek = (from: number, step: 1 | -1): number | null => {
    for (let index = from; index >= 0 && index < rows.length; index += step) {
      if (rows[index]!.kind === "item") return index;
    }
    return null;
  };
  switch (key) {
    case "ArrowDown":
      return seek(at + 1, 1);
    case "ArrowUp":
      return at === -1 ? null : seek(at - 1, -1);
    case "Home":
      return seek(0, 1);
    case "End":
      return seek(rows.length - 1, -1);
    case "PageDown":
      return seek(Math.min(rows.length - 1, Math.max(0, at) + PAGE_ROWS), -1);
    case "PageUp":
      return seek(Math.max(0, at - PAGE_ROWS), 1);
    default:
      return null;
  }
}
