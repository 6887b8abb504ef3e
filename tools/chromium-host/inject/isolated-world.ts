import type { Codec, createCodec } from "../codec.ts";
import type { CreateWorldBridge } from "./bridge.ts";
import type { HostCalls } from "./main-world.ts";

/** What a preload may see of its process. */
export type PreloadProcess = {
  platform: string;
  arch: string;
  versions: Record<string, string>;
  env: Record<string, string>;
  argv: string[];
};

/** From the page to the main process. `url` is what the page says of itself. */
export type PageMessage = {
  type: "send" | "invoke" | "permission" | "display" | "open" | "preload-error";
  channel: string;
  id: number;
  payload: unknown;
  url: string;
};
/** From the main process to the page. */
export type HostMessage =
  | { type: "reply"; id: number; value?: unknown; error?: string }
  | { type: "event"; channel: string; args: unknown[] };

type PreloadRequire = (id: string) => unknown;
type RunPreload = (
  require: PreloadRequire,
  module: { exports: object },
  exports: object,
  process: object,
) => void;

/**
 * The preload's side, in a world of its own: `ipcRenderer`, `contextBridge`, then the app's preload.
 * Injected as text: it must not use anything from outside itself.
 */
export function runIsolatedWorld(
  createWorldBridge: CreateWorldBridge,
  makeCodec: typeof createCodec,
  sendName: string,
  receiveName: string,
  config: PreloadProcess,
  runPreload: RunPreload,
): void {
  type Listener = (event: object, ...args: unknown[]) => void;
  type Bytes = Uint8Array & { toBase64(): string };
  const world = globalThis as unknown as {
    hostSend?: (text: string) => void;
    hostReceive?: (text: string) => void;
    global?: unknown;
  };
  const post = world.hostSend;
  delete world.hostSend;
  const blank = /^(about:blank|http:\/\/w\d+\.host\.localhost)/.test(location.href);
  if (!post || window !== window.top || blank) return;

  const bridge = createWorldBridge(sendName, receiveName);
  const codec: Codec = makeCodec({
    encode: (bytes) => (bytes as Bytes).toBase64(),
    decode: (text) =>
      (Uint8Array as unknown as { fromBase64(text: string): Uint8Array<ArrayBuffer> }).fromBase64(
        text,
      ),
  });

  const hostName = "chromium-host";
  let lastId = 0;
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const listeners = new Map<string, { heard: Listener; called: Listener }[]>();
  const tell = (type: PageMessage["type"], channel: string, id: number, payload: unknown) => {
    const message: PageMessage = { type, channel, id, payload, url: location.href };
    try {
      structuredClone(payload); // refuses functions, DOM nodes, promises and symbols, as Electron does
      post(codec.encode(message));
    } catch {
      throw new Error("An object could not be cloned.");
    }
  };
  const call = (type: PageMessage["type"], channel: string, payload: unknown) => {
    const id = ++lastId;
    tell(type, channel, id, payload);
    const promise = Promise.withResolvers<unknown>();
    waiting.set(id, promise);
    return promise.promise;
  };
  const unsupported = (name: string) => () => {
    throw new Error(`${hostName}: ${name} is not supported`);
  };
  const add = (channel: string, heard: Listener, called: Listener) => {
    listeners.set(channel, [...(listeners.get(channel) ?? []), { heard, called }]);
    return ipcRenderer;
  };
  const remove = (channel: string, heard: Listener) => {
    const all = listeners.get(channel) ?? [];
    const last = all.findLastIndex((entry) => entry.heard === heard);
    listeners.set(
      channel,
      all.filter((_, index) => index !== last),
    );
    return ipcRenderer;
  };

  const ipcRenderer = {
    invoke: async (channel: string, ...args: unknown[]) => call("invoke", channel, args),
    send: (channel: string, ...args: unknown[]) => tell("send", channel, 0, args),
    on: (channel: string, heard: Listener) => add(channel, heard, heard),
    addListener: (channel: string, heard: Listener) => add(channel, heard, heard),
    once: (channel: string, heard: Listener) =>
      add(channel, heard, (...args) => {
        remove(channel, heard);
        heard(...args);
      }),
    off: remove,
    removeListener: remove,
    removeAllListeners: (channel?: string) => {
      if (channel === undefined) listeners.clear();
      else listeners.delete(channel);
      return ipcRenderer;
    },
    listenerCount: (channel: string) => listeners.get(channel)?.length ?? 0,
    sendSync: unsupported("ipcRenderer.sendSync"),
    postMessage: unsupported("ipcRenderer.postMessage"),
    sendToHost: unsupported("ipcRenderer.sendToHost"),
  };

  world.hostReceive = (text) => {
    const message = codec.decode(text) as HostMessage;
    if (message.type === "event") {
      const event = { sender: ipcRenderer, senderId: 0, ports: [], preventDefault: () => {} };
      for (const { called } of listeners.get(message.channel) ?? []) called(event, ...message.args);
      return;
    }
    const promise = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error === undefined) promise?.resolve(message.value);
    else promise?.reject(new Error(message.error));
  };

  const exposed = new Set<string>();
  const contextBridge = {
    exposeInMainWorld(key: string, api: unknown) {
      if (exposed.has(key)) {
        throw new Error("Cannot bind an API on top of an existing property on the window object");
      }
      exposed.add(key);
      bridge.send({ type: "expose", key, api: bridge.pack(api) });
    },
    exposeInIsolatedWorld: unsupported("contextBridge.exposeInIsolatedWorld"),
    executeInMainWorld: unsupported("contextBridge.executeInMainWorld"),
  };

  const open = (url: string, frameName: string, features: string, disposition: string) =>
    tell("open", "", 0, { url, frameName, features, disposition });
  const calls: HostCalls = {
    open: (url, name, features) =>
      open(url, name, features, features ? "new-window" : "foreground-tab"),
    permission: async (name, details) => (await call("permission", name, details)) as null,
    display: async (wanted) => (await call("display", "", wanted)) as never,
  };
  bridge.send({ type: "expose", key: null, api: bridge.pack(calls) });

  // A click that would open another window or tab asks the main process instead.
  const onClick = (event: MouseEvent) => {
    const link = event
      .composedPath()
      .find((node) => node instanceof HTMLAnchorElement && node.href !== "");
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented) return;
    const background = event.button === 1 || event.ctrlKey || event.metaKey;
    const sameWindow = !link.target || /^_(self|top|parent)$/.test(link.target);
    if (!background && !event.shiftKey && sameWindow) return;
    event.preventDefault();
    const disposition = event.shiftKey ? "new-window" : "foreground-tab";
    const name = link.target === "_blank" ? "" : link.target;
    open(link.href, name, "", background ? "background-tab" : disposition);
  };
  window.addEventListener("click", onClick);
  window.addEventListener("auxclick", onClick);

  const electron = Object.freeze({
    contextBridge,
    ipcRenderer,
    webUtils: { getPathForFile: unsupported("webUtils.getPathForFile") },
    webFrame: new Proxy({}, { get: (_, key) => unsupported(`webFrame.${String(key)}`) }),
  });
  const require: PreloadRequire = (id) => {
    if (/^electron(\/(renderer|common))?$/.test(id)) return electron;
    throw new Error(`module not found: ${id}`); // a sandboxed preload has no other modules
  };
  const process = Object.freeze({
    ...config,
    type: "renderer",
    sandboxed: true,
    contextIsolated: true,
  });
  const module = { exports: {} };
  world.global = globalThis;
  try {
    runPreload.call(module.exports, require, module, module.exports, process);
  } catch (error) {
    console.error("Unable to load preload script", error);
    tell("preload-error", "", 0, error);
  }
}
