import { VisuallyHidden } from "./VisuallyHidden.tsx";

/**
 * Says a text aloud without moving the focus, each time that it changes.
 * Must be on the page before its first text, or readers miss it.
 */
export function LiveRegion({ text, urgent = false }: { text: string; urgent?: boolean }) {
  return (
    <VisuallyHidden>
      <span role={urgent ? "alert" : "status"} aria-live={urgent ? "assertive" : "polite"}>
        {text}
      </span>
    </VisuallyHidden>
  );
}
