import type { ReactNode } from "react";
import { ListBox, ListBoxItem, ListBoxSection } from "react-aria-components/ListBox";
import { Header } from "react-aria-components/Header";
import styles from "./List.module.css";

export type ListSection<T> = { id: string; title: string | null; items: readonly T[] };

export type ListProps<T> = {
  label: string;
  sections: readonly ListSection<T>[];
  idOf: (item: T) => string;
  /** The row's words for typing ahead and for assistive technology. */
  textOf: (item: T) => string;
  selected: string | null;
  onSelect: (id: string) => void;
  /** Enter or a double press on a row. */
  onAction?: (id: string) => void;
  children: (item: T) => ReactNode;
};

/** A list of which one row is chosen: arrows move and choose, Home and End jump, letters type ahead. For long lists see VirtualList. */
export function List<T>({
  label,
  sections,
  idOf,
  textOf,
  selected,
  onSelect,
  onAction,
  children,
}: ListProps<T>) {
  return (
    <ListBox
      aria-label={label}
      className={styles.list}
      selectionMode="single"
      selectionBehavior="replace"
      selectedKeys={selected === null ? [] : [selected]}
      onSelectionChange={(keys) => {
        const [first] = keys;
        if (keys !== "all" && first !== undefined) onSelect(String(first));
      }}
      onAction={onAction ? (key) => onAction(String(key)) : undefined}
    >
      {sections.map((section) => (
        <ListBoxSection key={section.id} id={section.id} className={styles.section}>
          {section.title === null ? null : (
            <Header className={styles.header}>{section.title}</Header>
          )}
          {section.items.map((item) => (
            <ListBoxItem
              key={idOf(item)}
              id={idOf(item)}
              textValue={textOf(item)}
              className={styles.row}
            >
              {children(item)}
            </ListBoxItem>
          ))}
        </ListBoxSection>
      ))}
    </ListBox>
  );
}
