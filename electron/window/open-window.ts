import { BUNDLE_ORIGIN } from "#electron/bridge/open-bridge.ts";
import type { Log } from "#electron/log/log.ts";
import type { AppWindow, Desktop, Platform } from "#electron/platform/platform.ts";
import { createPageRules, pagePreferences } from "./page-rules.ts";
import { MINIMUM, windowBounds } from "./window-bounds.ts";

/** The canvas of the two themes, so that the first frame does not flash. */
const CANVAS = { light: "#F5F7F6", dark: "#0E1413" };

/** A page that crashes again within this time is not reloaded. */
const CRASH_PAUSE_MS = 30_000;

/** The one window of the workstation. */
export type MainWindow = {
  /** Opens the window, or brings the open one to the front. */
  show(): void;
};

/** Lays the rules over all pages, then keeps the one window. */
export function createMainWindow(
  platform: Pick<Platform, "build" | "paths">,
  desktop: Desktop,
  log: Log,
): MainWindow {
  desktop.pages.govern(
    createPageRules(platform.paths.renderer, (url) => desktop.links.open(url), log),
  );
  const places = windowBounds(platform.paths.userData);
  let open: AppWindow | null = null;
  let crashedAt = Number.NEGATIVE_INFINITY;

  return {
    show() {
      if (open !== null) return open.focus();
      const { bounds, maximized } = places.load(desktop.screens.workAreas());
      open = desktop.openWindow({
        title: "Consulting Room",
        bounds,
        minimum: MINIMUM,
        maximized,
        background: desktop.theme.isDark() ? CANVAS.dark : CANVAS.light,
        url: `${BUNDLE_ORIGIN}/index.html`,
        preload: platform.paths.preload,
        preferences: pagePreferences(platform.build.packaged),
        onBoundsChanged(rectangle, isMaximized) {
          try {
            places.save(rectangle, isMaximized);
          } catch (error) {
            log.unexpected("main", error);
          }
        },
        onCrashed() {
          log.write("page.crashed", {});
          // Once: a page that dies at every start would otherwise spin for ever.
          const again = performance.now() - crashedAt > CRASH_PAUSE_MS;
          crashedAt = performance.now();
          if (again) open?.reload();
        },
        onClosed() {
          open = null;
        },
      });
    },
  };
}
