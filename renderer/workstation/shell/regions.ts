/**
 * The large parts of the window, between which F6 moves. A part carries `data-region`; where the
 * focus was in it last is remembered, so that going away and coming back loses nothing.
 */
const lastFocus = new WeakMap<Element, HTMLElement>();

const REACHABLE =
  'a[href], button:not([disabled]), input:not([disabled]), textarea:not([disabled]), [tabindex="0"]';

const isHidden = (element: Element) => element.closest("[inert], [hidden]") !== null;

const FRAMES = "[data-region], [data-pane]";

/** Remembers the focus of the regions and panes inside `root`, until the returned function is called. */
export const rememberFocus = (root: HTMLElement): (() => void) => {
  const remember = (target: EventTarget | null) => {
    if (!(target instanceof HTMLElement) || !root.contains(target)) return;
    for (let at = target.closest(FRAMES); at; at = at.parentElement?.closest(FRAMES) ?? null) {
      lastFocus.set(at, target);
    }
  };
  const hear = (event: FocusEvent) => remember(event.target);
  // A field may have taken the focus before anybody listened.
  remember(document.activeElement);
  root.addEventListener("focusin", hear);
  return () => root.removeEventListener("focusin", hear);
};

/** Focuses a region: where the focus was last, else `preferred`, else its first stop, else itself. */
export const focusRegion = (region: HTMLElement, preferred?: HTMLElement | null): void => {
  const last = lastFocus.get(region);
  const usable = last !== undefined && region.contains(last) && !isHidden(last) ? last : null;
  const first = [...region.querySelectorAll<HTMLElement>(REACHABLE)].find((one) => !isHidden(one));
  const target = usable ?? preferred ?? first;
  target?.focus();
  if (target == null || !region.contains(document.activeElement)) region.focus();
};

/** Moves the focus to the next (1) or previous (-1) region, round and round. */
export const moveRegion = (root: ParentNode, step: 1 | -1): void => {
  // A region with regions inside it is only their frame.
  const regions = [...root.querySelectorAll<HTMLElement>("[data-region]")].filter(
    (one) => !isHidden(one) && one.querySelector("[data-region]") === null,
  );
  const at = regions.findIndex((one) => one.contains(document.activeElement));
  const from = at === -1 && step === -1 ? 0 : at;
  const target = regions[(from + step + regions.length) % regions.length];
  if (target !== undefined) focusRegion(target);
};
