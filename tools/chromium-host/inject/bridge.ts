/** What crosses between a page and its preload; `detail` of a CustomEvent, structured-cloned on the way. */
export type Packed =
  | { kind: "value"; value: unknown }
  | { kind: "error"; message: string }
  | { kind: "array"; items: Packed[] }
  | { kind: "object"; fields: Record<string, Packed> }
  | { kind: "promise"; id: number }
  | { kind: "function"; id: number };

export type Crossing =
  | { type: "expose"; key: string | null; api: Packed }
  | { type: "call"; id: number; args: Packed }
  | { type: "return"; value: Packed }
  | { type: "throw"; value: Packed }
  | { type: "resolve"; id: number; value: Packed }
  | { type: "reject"; id: number; value: Packed };

export type WorldBridge = {
  send: (crossing: Crossing) => void;
  pack: (value: unknown) => Packed;
  unpack: (packed: Packed, freeze?: boolean) => unknown;
  onExpose: (heard: (key: string | null, api: Packed) => void) => void;
};
export type CreateWorldBridge = (sendName: string, receiveName: string) => WorldBridge;

/**
 * One end of contextBridge. CustomEvents on `document` are synchronous and cross worlds.
 * Injected as text: it must not use anything from outside itself.
 */
export function createWorldBridge(sendName: string, receiveName: string): WorldBridge {
  const functions: ((...args: unknown[]) => unknown)[] = [];
  const promises = new Map<number, PromiseWithResolvers<unknown>>();
  const exposeListeners: ((key: string | null, api: Packed) => void)[] = [];
  const cloneable =
    /^(Date|RegExp|Map|Set|ArrayBuffer|DataView|\w+Array|Blob|File|FileList|ImageData|ImageBitmap|DOMRect|DOMPoint|DOMMatrix)$/;
  let lastPromise = 0;
  let reply: Crossing | null = null;

  const send = (crossing: Crossing) =>
    void document.dispatchEvent(new CustomEvent(sendName, { detail: crossing }));

  const pack = (value: unknown, depth = 0, seen = new Map<unknown, Packed>()): Packed => {
    if (depth > 1000) throw new TypeError("Electron contextBridge recursion depth exceeded.");
    const known = seen.get(value);
    if (known) return known;
    if (typeof value === "function") {
      return { kind: "function", id: functions.push(value as (typeof functions)[number]) - 1 };
    }
    if (typeof value === "symbol") return { kind: "value", value: undefined };
    if (value === null || typeof value !== "object") return { kind: "value", value };
    if (Array.isArray(value)) {
      const packed: Packed = { kind: "array", items: [] };
      seen.set(value, packed);
      for (const item of value) packed.items.push(pack(item, depth + 1, seen));
      return packed;
    }
    if (value instanceof Promise) {
      const id = ++lastPromise;
      value.then(
        (result) => send({ type: "resolve", id, value: pack(result) }),
        (error) => send({ type: "reject", id, value: packError(error) }),
      );
      return { kind: "promise", id };
    }
    if (value instanceof Error) return { kind: "error", message: value.message };
    if (cloneable.test(Object.prototype.toString.call(value).slice(8, -1))) {
      return { kind: "value", value };
    }
    if (value instanceof Node) throw new TypeError("DOM nodes do not cross contextBridge here");
    const packed: Packed = { kind: "object", fields: {} };
    seen.set(value, packed);
    for (const [key, field] of Object.entries(value)) {
      packed.fields[key] = pack(field, depth + 1, seen);
    }
    return packed;
  };

  const packError = (error: unknown) =>
    pack(error instanceof Error ? error : new Error(String(error)));

  const unpack = (packed: Packed, freeze = false, seen = new Map<Packed, unknown>()): unknown => {
    if (seen.has(packed)) return seen.get(packed);
    const finish = (value: object) => (freeze ? Object.freeze(value) : value);
    switch (packed.kind) {
      case "value":
        return packed.value;
      case "error":
        return new Error(packed.message);
      case "array": {
        const array: unknown[] = [];
        seen.set(packed, array);
        for (const item of packed.items) array.push(unpack(item, freeze, seen));
        return finish(array);
      }
      case "object": {
        const object: Record<string, unknown> = {};
        seen.set(packed, object);
        for (const [key, field] of Object.entries(packed.fields)) {
          object[key] = unpack(field, freeze, seen);
        }
        return finish(object);
      }
      case "promise": {
        const promise = Promise.withResolvers<unknown>();
        promises.set(packed.id, promise);
        return promise.promise;
      }
      case "function":
        return (...args: unknown[]) => {
          send({ type: "call", id: packed.id, args: pack(args) });
          const answer = reply;
          reply = null;
          if (answer?.type === "throw") throw unpack(answer.value);
          if (answer?.type === "return") return unpack(answer.value);
          throw new Error("An object could not be cloned.");
        };
    }
  };

  const call = (id: number, args: Packed): Crossing => {
    try {
      const value = functions[id]?.(...(unpack(args) as unknown[]));
      return { type: "return", value: pack(value) };
    } catch (error) {
      return { type: "throw", value: packError(error) };
    }
  };
  const settle = (id: number, settled: (promise: PromiseWithResolvers<unknown>) => void) => {
    const promise = promises.get(id);
    promises.delete(id);
    if (promise) settled(promise);
  };

  document.addEventListener(
    receiveName,
    (event) => {
      event.stopImmediatePropagation();
      const crossing = (event as CustomEvent<Crossing | null>).detail;
      switch (crossing?.type) {
        case "call":
          return send(call(crossing.id, crossing.args));
        case "return":
        case "throw":
          reply = crossing;
          return;
        case "resolve":
          return settle(crossing.id, ({ resolve }) => resolve(unpack(crossing.value)));
        case "reject":
          return settle(crossing.id, ({ reject }) => reject(unpack(crossing.value)));
        case "expose":
          for (const heard of exposeListeners) heard(crossing.key, crossing.api);
      }
    },
    true,
  );

  return {
    send,
    pack,
    unpack,
    onExpose: (heard) => void exposeListeners.push(heard),
  };
}
