import styles from "./Icon.module.css";

/** The product's own set: 16 × 16, strokes of 1.5, drawn in the colour of the text. */
const paths = {
  back: "M9.5 3.5 5 8l4.5 4.5",
  calendar: "M2.5 4.5h11v9h-11zM2.5 7.5h11M5.5 2.5v3M10.5 2.5v3",
  chat: "M2.5 3h11v8h-6l-3 2.5V11h-2z",
  check: "m3 8.5 3.2 3L13 4.5",
  clock: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 4.5V8l2.5 1.5",
  close: "m4 4 8 8M12 4l-8 8",
  cross: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM6 6l4 4M10 6l-4 4",
  down: "M8 3v10M4 9l4 4 4-4",
  edit: "m3 13 .6-2.8L10.5 3.3l2.2 2.2-6.9 6.9z",
  forward: "M6.5 3.5 11 8l-4.5 4.5",
  history: "M2.5 8a5.5 5.5 0 1 0 1.7-4M4 1.5v2.7h2.7M8 5v3.3l2.2 1.2",
  info: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 7.3v3.7M8 5h.01",
  leave: "M6.5 2.5h-4v11h4M6.5 8h7M10.5 5l3 3-3 3",
  notes: "M3.5 2.5h9v11h-9zM6 5.5h4M6 8h4M6 10.5h2",
  offline:
    "M2 2l12 12M3 7a8 8 0 0 1 3-1.8M13 7a8 8 0 0 0-4.5-2.2M5.3 9.5A4 4 0 0 1 8 8.5M8 12.5h.01",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  person:
    "M8 2.5a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6zM2.8 13.5c.5-2.6 2.5-4 5.2-4s4.7 1.4 5.2 4",
  play: "M5 3.5 12 8l-7 4.5z",
  retry: "M13.5 8a5.5 5.5 0 1 1-1.7-4M12 1.5v2.7H9.3",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3l3.2 3.2",
  send: "M2.5 8h11M9 3.5 13.5 8 9 12.5",
  settings: "M2.5 4.5h6M11.5 4.5h2M10 3v3M2.5 11.5h2M7.5 11.5h6M6 10v3",
  signOut: "M9.5 2.5h4v11h-4M10 8H2.5M5.5 5l-3 3 3 3",
  sync: "M13 6.5A5.2 5.2 0 0 0 3.5 5M3 9.5A5.2 5.2 0 0 0 12.5 11M3.5 2.5V5H6M12.5 13.5V11H10",
  trash: "M3 4.5h10M6 4.5v-2h4v2M4.5 4.5l.6 9h5.8l.6-9",
  warning: "M8 2.5 14.5 13.5h-13zM8 6.5V10M8 11.8h.01",
} as const;

export type IconName = keyof typeof paths;

/** Icons that point along the reading direction and turn round with it. */
const directed: ReadonlySet<IconName> = new Set([
  "back",
  "forward",
  "leave",
  "send",
  "signOut",
  "play",
]);

/** A small drawing beside a word; hidden from assistive technology, since the word says it. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      className={styles.icon}
      data-directed={directed.has(name) || undefined}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}
