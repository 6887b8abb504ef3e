import type { CreateWorldBridge } from "./bridge.ts";

/** What the preload's world lends to the page's own world, so that the main process is asked first. */
export type HostCalls = {
  open: (url: string, name: string, features: string) => void;
  permission: (name: string, details: object) => Promise<null>;
  display: (wanted: {
    video: boolean;
    audio: boolean;
  }) => Promise<{ error: string; message: string } | { options: DisplayMediaStreamOptions }>;
};

/**
 * The page's side: puts exposed APIs on `window`, and sends windows and permissions through the
 * main process. Injected as text: it must not use anything from outside itself.
 */
export function runMainWorld(
  createWorldBridge: CreateWorldBridge,
  sendName: string,
  receiveName: string,
): void {
  if (window !== window.top) return;
  const bridge = createWorldBridge(sendName, receiveName);
  let host: HostCalls | null = null;
  const ready = () => {
    if (!host) throw new Error("The preload has not run");
    return host;
  };
  bridge.onExpose((key, api) => {
    if (key === null) host = bridge.unpack(api) as HostCalls;
    else {
      Object.defineProperty(window, key, {
        value: bridge.unpack(api, true),
        writable: false,
        configurable: false,
        enumerable: true,
      });
    }
  });

  window.open = (url = "about:blank", name = "", features = "") => {
    ready().open(new URL(String(url), document.baseURI).href, name, features);
    return null;
  };

  const guard = (
    owner: object | undefined,
    method: string,
    permission: string,
    details: (constraints: MediaStreamConstraints) => object = () => ({}),
  ) => {
    const original: unknown = owner && Reflect.get(owner, method);
    if (typeof original !== "function") return;
    Reflect.set(owner as object, method, async function (this: unknown, ...args: unknown[]) {
      await ready().permission(permission, details((args[0] ?? {}) as MediaStreamConstraints));
      return original.apply(this, args);
    });
  };
  if (navigator.mediaDevices) {
    guard(MediaDevices.prototype, "getUserMedia", "media", (wanted) => ({
      mediaTypes: [wanted.audio && "audio", wanted.video && "video"].filter(Boolean),
    }));
    const getDisplayMedia = MediaDevices.prototype.getDisplayMedia;
    MediaDevices.prototype.getDisplayMedia = async function (wanted = { video: true }) {
      const answer = await ready().display({ video: !!wanted.video, audio: !!wanted.audio });
      if ("error" in answer) throw new DOMException(answer.message, answer.error);
      return getDisplayMedia.call(this, { ...wanted, ...answer.options });
    };
  }
  guard(window.Notification, "requestPermission", "notifications");
  guard(window.Clipboard?.prototype, "readText", "clipboard-read");
  guard(window.Clipboard?.prototype, "read", "clipboard-read");
}
