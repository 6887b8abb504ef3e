import { join } from "node:path";
import { z } from "zod";
import { readFileIfThere, replaceFile } from "#electron/platform/sealed-file.ts";
import type { Rectangle } from "#electron/platform/platform.ts";

export const MINIMUM = { width: 960, height: 640 };
export const START = { width: 1280, height: 800 };

const whole = z.int().min(-100_000).max(100_000);
const Saved = z.object({
  x: whole,
  y: whole,
  width: whole.min(MINIMUM.width),
  height: whole.min(MINIMUM.height),
  maximized: z.boolean(),
});

export type WindowPlace = { bounds: Rectangle | typeof START; maximized: boolean };

const START_PLACE: WindowPlace = { bounds: START, maximized: false };

/** True where enough of a window's upper edge is on a screen to take hold of it. */
const canBeGrasped = ({ x, y, width }: Rectangle, area: Rectangle): boolean =>
  x + width - 100 > area.x &&
  x + 100 < area.x + area.width &&
  y >= area.y - 10 &&
  y + 50 < area.y + area.height;

/** Remembers where the window was. Holds numbers only, so it is a plain file. */
export function windowBounds(userData: string) {
  const path = join(userData, "window.json");
  return {
    /** The last place, or the start size where there is none, or where its screen is gone. */
    load(screens: Rectangle[]): WindowPlace {
      let saved: unknown;
      try {
        saved = JSON.parse(readFileIfThere(path)?.toString("utf8") ?? "null");
      } catch {
        return START_PLACE;
      }
      const parsed = Saved.safeParse(saved);
      if (!parsed.success) return START_PLACE;
      const { maximized, ...bounds } = parsed.data;
      return screens.some((area) => canBeGrasped(bounds, area))
        ? { bounds, maximized }
        : { bounds: START, maximized };
    },
    save(bounds: Rectangle, maximized: boolean): void {
      replaceFile(path, Buffer.from(JSON.stringify({ ...bounds, maximized })));
    },
  };
}
