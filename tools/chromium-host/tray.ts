import { Emitter } from "./emitter.ts";
import type { Menu } from "./menu.ts";

/** Electron's `Tray`: accepted, never drawn. */
export class Tray extends Emitter {
  #destroyed = false;

  setToolTip(): void {}
  setImage(): void {}
  setContextMenu(_menu: Menu | null): void {}

  destroy(): void {
    this.#destroyed = true;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }
}
