import { contextBridge, ipcRenderer } from "electron";
import type { Bridge, TopicName } from "#shared/contract/bridge.ts";
import type { Result } from "#shared/contract/fault.ts";

// Repeated from bridge/channels.ts: this file imports types only, so that it stays one small script.
// bridge/channels.test.ts compares the two.
const CALL_CHANNEL = "consulting-room:call";
const CANCEL_CHANNEL = "consulting-room:cancel";
const SUBSCRIBE_CHANNEL = "consulting-room:subscribe";
const TOPIC_CHANNEL = "consulting-room:topic";

const listeners = new Map<TopicName, Set<(event: never) => void>>();

ipcRenderer.on(TOPIC_CHANNEL, (_event, push: { name: TopicName; event: never }) => {
  for (const heard of listeners.get(push.name) ?? []) heard(push.event);
});

/** Main answers with a Result in every case; its shape is the contract's, which both sides compile against. */
const call = <T>(kind: string, name: string, input: unknown, callId?: string) =>
  ipcRenderer.invoke(CALL_CHANNEL, { kind, name, input, callId }) as Promise<Result<T>>;

const bridge: Bridge = {
  host: "workstation",
  query: (name, input, callId) => call("query", name, input, callId),
  command: (name, input) => call("command", name, input),
  request: (name, input) => call("request", name, input),
  cancel: (callId) => ipcRenderer.send(CANCEL_CHANNEL, callId),
  subscribe(name, heard) {
    const known = listeners.get(name) ?? new Set();
    // A wrapper of its own per subscription: the same function may be given twice.
    const listener = (event: never) => heard(event);
    if (known.size === 0) ipcRenderer.send(SUBSCRIBE_CHANNEL, { name, on: true });
    listeners.set(name, known.add(listener));
    return () => {
      if (known.delete(listener) && known.size === 0) {
        ipcRenderer.send(SUBSCRIBE_CHANNEL, { name, on: false });
      }
    };
  },
};

contextBridge.exposeInMainWorld("consultingRoom", bridge);
