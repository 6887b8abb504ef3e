/** The key that commands go with, as it is printed on the keyboard. */
const isMac = (platform: string) => platform.startsWith("Mac");

/** A shortcut for a tooltip, e.g. `Ctrl+1` or `⌘1`. */
export const printShortcut = (key: string, platform = navigator.platform): string =>
  isMac(platform) ? `⌘${key}` : `Ctrl+${key}`;

/** The same for assistive technology, as `aria-keyshortcuts` wants it. */
export const nameShortcut = (key: string, platform = navigator.platform): string =>
  isMac(platform) ? `Meta+${key}` : `Control+${key}`;

type Keys = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** The number that was pressed together with Ctrl (or ⌘), and nothing else; null for other keys. */
export const numberPressed = (event: Keys, platform = navigator.platform): number | null => {
  const command = isMac(platform) ? event.metaKey : event.ctrlKey;
  const other = isMac(platform) ? event.ctrlKey : event.metaKey;
  if (!command || other || event.altKey || event.shiftKey) return null;
  return /^[1-9]$/.test(event.key) ? Number(event.key) : null;
};
