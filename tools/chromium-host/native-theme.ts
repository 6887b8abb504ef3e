import type { CdpSession } from "./cdp.ts";
import { Emitter } from "./emitter.ts";
import { windows } from "./windows.ts";

export type ThemeSource = "system" | "light" | "dark";
let source: ThemeSource = "system";

export function currentTheme(): ThemeSource {
  return source;
}

export async function applyTheme(session: CdpSession, theme: ThemeSource): Promise<void> {
  const value = theme === "system" ? "" : theme;
  await session.send("Emulation.setEmulatedMedia", {
    features: [{ name: "prefers-color-scheme", value }],
  });
}

class NativeTheme extends Emitter {
  readonly shouldUseHighContrastColors = false;
  readonly shouldUseInvertedColorScheme = false;
  readonly inForcedColorsMode = false;

  get themeSource(): ThemeSource {
    return source;
  }

  set themeSource(value: ThemeSource) {
    source = value;
    for (const { page } of windows.all.values()) {
      page.attached.then(() => applyTheme(page.session, value)).catch(() => undefined);
    }
    setImmediate(() => this.emit("updated"));
  }

  get shouldUseDarkColors(): boolean {
    return source === "dark";
  }
}

export const nativeTheme = new NativeTheme();
