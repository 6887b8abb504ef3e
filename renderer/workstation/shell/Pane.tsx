import { type ReactNode, useEffect, useRef } from "react";
import { VisuallyHidden } from "#renderer/ui/VisuallyHidden.tsx";
import { CrashNotice } from "../CrashNotice.tsx";
import { ErrorBoundary } from "../ErrorBoundary.tsx";
import { focusRegion } from "./regions.ts";
import styles from "./Shell.module.css";

/**
 * One screen of the window. It stays as it was left while another is on show: scrolled, searched,
 * half written; hidden panes take no focus and are not read aloud. A failure stays inside it.
 */
export function Pane({
  label,
  isActive,
  region = true,
  children,
}: {
  label: string;
  isActive: boolean;
  /** False where the screen brings its own heading and named regions. */
  region?: boolean;
  children: ReactNode;
}) {
  const pane = useRef<HTMLElement>(null);
  useEffect(() => {
    const self = pane.current;
    if (!isActive || self === null || self.contains(document.activeElement)) return;
    focusRegion(self, self.querySelector<HTMLElement>("h1[tabindex]") ?? self);
  }, [isActive]);
  return (
    <section
      ref={pane}
      className={styles.pane}
      aria-label={region ? label : undefined}
      inert={!isActive}
      // Hidden without losing its layout, so that a transcript keeps its place.
      style={isActive ? undefined : { visibility: "hidden" }}
      tabIndex={-1}
      data-pane
      data-region={region || undefined}
    >
      {region ? (
        <h1 className={styles.heading}>
          <VisuallyHidden>{label}</VisuallyHidden>
        </h1>
      ) : null}
      <ErrorBoundary renderFailure={(again) => <CrashNotice onAgain={again} />}>
        {children}
      </ErrorBoundary>
    </section>
  );
}
