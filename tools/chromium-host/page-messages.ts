import { createEvent } from "./emitter.ts";
import type { PageMessage } from "./inject/isolated-world.ts";
import { IpcMain, ipcMain } from "./ipc-main.ts";
import { fromHttp } from "./scheme-url.ts";
import { askDisplayMedia, askPermission } from "./session.ts";
import type { OpenDetails, WebContents } from "./web-contents.ts";
import type { Page } from "./page.ts";

/** Runs what a page has sent through its preload. */
export async function handlePageMessage(
  page: Page,
  contents: WebContents,
  openWindow: (details: OpenDetails) => void,
  message: PageMessage,
  contextId: number,
): Promise<void> {
  const { id, channel, payload, url } = message;
  const senderFrame = Object.create(contents.mainFrame, {
    url: { value: fromHttp(url) },
  }) as object;
  const reply = (answer: { value?: unknown; error?: string }) =>
    page.post({ type: "reply", id, ...answer }, contextId);

  switch (message.type) {
    case "send": {
      const event = createIpcEvent(contents, senderFrame);
      const args = payload as unknown[];
      contents.emit("ipc-message", event, channel, ...args);
      contents.ipc.emit(channel, event, ...args);
      ipcMain.emit(channel, event, ...args);
      return;
    }
    case "invoke":
      return reply(await invoke(contents, senderFrame, channel, payload as unknown[]));
    case "permission":
      await askPermission(contents, channel, payload as object, url);
      return reply({ value: null });
    case "display": {
      const wanted = payload as { video: boolean; audio: boolean };
      return reply({ value: await askDisplayMedia(contents, wanted, url, senderFrame) });
    }
    case "open": {
      const details = payload as Omit<OpenDetails, "referrer">;
      const referrer = { url: fromHttp(url), policy: "strict-origin-when-cross-origin" };
      return openWindow({ ...details, url: fromHttp(details.url), referrer });
    }
    case "preload-error": {
      const { preload } = page.owner.preferences;
      console.error(`Unable to load preload script: ${preload}`, payload);
      contents.emit("preload-error", createEvent({}), preload, payload);
    }
  }
}

function createIpcEvent(contents: WebContents, senderFrame: object): object {
  return createEvent({
    type: "frame",
    sender: contents,
    senderFrame,
    frameId: 1,
    processId: contents.id,
    ports: [],
    reply: (channel: string, ...args: unknown[]) => contents.send(channel, ...args),
  });
}

async function invoke(
  contents: WebContents,
  senderFrame: object,
  channel: string,
  args: unknown[],
): Promise<{ value: unknown } | { error: string }> {
  const handler =
    IpcMain.findHandler(contents.ipc, channel) ?? IpcMain.findHandler(ipcMain, channel);
  try {
    if (!handler) throw new Error(`No handler registered for '${channel}'`);
    const value = await handler(createIpcEvent(contents, senderFrame), ...args);
    assertCloneable(value, "An object could not be cloned.");
    return { value };
  } catch (error) {
    if (handler) console.error(`Error occurred in handler for '${channel}':`, error);
    return { error: `Error invoking remote method '${channel}': ${error}` };
  }
}

/** Throws the message that Electron throws where structured clone refuses a value. */
export function assertCloneable(value: unknown, message: string): void {
  try {
    structuredClone(value);
  } catch {
    throw new Error(message);
  }
}
