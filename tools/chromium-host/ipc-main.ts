import { Emitter } from "./emitter.ts";

export type InvokeHandler = (event: object, ...args: unknown[]) => unknown;

/** Electron's `ipcMain`, and the `ipc` of one WebContents. */
export class IpcMain extends Emitter {
  #handlers = new Map<string, InvokeHandler>();

  handle(channel: string, handler: InvokeHandler): void {
    if (this.#handlers.has(channel)) {
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    }
    if (typeof handler !== "function") throw new TypeError("Expected handler to be a function");
    this.#handlers.set(channel, handler);
  }

  handleOnce(channel: string, handler: InvokeHandler): void {
    this.handle(channel, (...args) => {
      this.#handlers.delete(channel);
      return handler(...args);
    });
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel);
  }

  static findHandler(ipc: IpcMain, channel: string): InvokeHandler | null {
    return ipc.#handlers.get(channel) ?? null;
  }
}

export const ipcMain = new IpcMain();
