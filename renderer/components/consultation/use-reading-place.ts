import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";

/** How near to the end counts as being at it, in px. */
const NEAR = 32;

export type ReadingPlace = {
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  /** Whether the reader follows the conversation at its end. */
  isAtEnd: boolean;
  onScroll: () => void;
  toEnd: () => void;
};

/**
 * Keeps the reader's place: at the end he stays at the end whatever comes in or grows; elsewhere
 * the line that he reads stays where it is when older pages come in above.
 * Rows that may serve as a landmark carry an id of their own in `data-place`.
 */
export function useReadingPlace(): ReadingPlace {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const atEnd = useRef(true);
  const landmark = useRef<Landmark | null>(null);

  const keep = useCallback(() => {
    const box = scroller.current;
    if (!box) return;
    if (atEnd.current) {
      box.scrollTop = box.scrollHeight;
      return;
    }
    const held = landmark.current;
    const row = held && box.querySelector<HTMLElement>(`[data-place="${held.id}"]`);
    if (row) box.scrollTop = row.offsetTop - held.offset;
  }, []);

  const onScroll = useCallback(() => {
    const box = scroller.current;
    if (!box) return;
    atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight <= NEAR;
    setAtEnd(atEnd.current);
    landmark.current = findLandmark(box);
  }, []);

  const toEnd = useCallback(() => {
    atEnd.current = true;
    setAtEnd(true);
    keep();
  }, [keep]);

  // Whatever was drawn may have moved the line that is being read.
  useLayoutEffect(keep);

  useEffect(() => {
    if (typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(keep);
    if (scroller.current) observer.observe(scroller.current);
    if (content.current) observer.observe(content.current);
    return () => observer.disconnect();
  }, [keep]);

  return { scroller, content, isAtEnd, onScroll, toEnd };
}

/** A row by its id, since the element itself may be made anew, and how far below the top edge it begins. */
type Landmark = { id: string; offset: number };

/** The first row that is still in view. Rows lie below one another, so it is searched by halves. */
function findLandmark(box: HTMLElement): Landmark | null {
  const rows = box.querySelectorAll<HTMLElement>("[data-place]");
  let from = 0;
  let to = rows.length - 1;
  while (from < to) {
    const middle = (from + to) >> 1;
    const row = rows[middle]!;
    if (row.offsetTop + row.offsetHeight > box.scrollTop) to = middle;
    else from = middle + 1;
  }
  const row = rows[from];
  const id = row?.dataset["place"];
  return row && id ? { id, offset: row.offsetTop - box.scrollTop } : null;
}
