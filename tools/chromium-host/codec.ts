/** How bytes become text: Node and a page have different means. */
export type Base64 = {
  encode: (bytes: Uint8Array) => string;
  decode: (text: string) => Uint8Array<ArrayBuffer>;
};
export type Codec = { encode: (value: unknown) => string; decode: (text: string) => unknown };

/**
 * Turns structured-cloneable values into JSON text and back, with cycles, dates, maps and bytes.
 * Runs in Node and, as text, in the preload's world: it must not use anything from outside itself.
 * Throws Electron's "An object could not be cloned." for what structured clone refuses.
 */
export function createCodec(base64: Base64): Codec {
  type Tagged = [tag: string, ...rest: unknown[]];
  const views: Record<string, new (buffer: ArrayBuffer) => ArrayBufferView> = {
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
    DataView,
  };
  const errors: Record<string, ErrorConstructor> = {
    Error,
    EvalError,
    RangeError,
    ReferenceError,
    SyntaxError,
    TypeError,
    URIError,
  };

  function encode(root: unknown): string {
    const seen = new Map<object, number>();
    const pack = (value: unknown): unknown => {
      if (value === null || typeof value === "string" || typeof value === "boolean") return value;
      if (typeof value === "number") {
        if (Object.is(value, -0)) return ["number", "-0"];
        return Number.isFinite(value) ? value : ["number", String(value)];
      }
      if (value === undefined) return ["undefined"];
      if (typeof value === "bigint") return ["bigint", String(value)];
      if (typeof value !== "object") throw new Error("An object could not be cloned.");
      const known = seen.get(value);
      if (known !== undefined) return ["again", known];
      seen.set(value, seen.size);
      return packObject(value);
    };
    const packObject = (value: object): Tagged => {
      if (Array.isArray(value)) return ["array", ...Array.from(value, pack)];
      const kind = Object.prototype.toString.call(value).slice(8, -1);
      switch (kind) {
        case "Date":
          return ["date", String((value as Date).getTime())]; // an invalid date has NaN
        case "RegExp":
          return ["regexp", (value as RegExp).source, (value as RegExp).flags];
        case "Map":
          return ["map", ...[...(value as Map<unknown, unknown>)].flat().map(pack)];
        case "Set":
          return ["set", ...[...(value as Set<unknown>)].map(pack)];
        case "ArrayBuffer":
          return ["buffer", base64.encode(new Uint8Array(value as ArrayBuffer))];
        case "Error": {
          const error = value as Error;
          return ["error", error.name, error.message, error.stack];
        }
        case "Object": {
          const fields = Object.entries(value).map(([key, field]) => [key, pack(field)]);
          return ["object", Object.fromEntries(fields)];
        }
      }
      if (!ArrayBuffer.isView(value)) throw new Error("An object could not be cloned.");
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      return ["view", kind, base64.encode(bytes)];
    };
    return JSON.stringify(pack(root));
  }

  function decode(text: string): unknown {
    const seen: unknown[] = [];
    const unpack = (packed: unknown): unknown => {
      if (!Array.isArray(packed)) return packed;
      const [tag, first, second, third] = packed as [string, never, never, never];
      const rest: unknown[] = packed.slice(1);
      switch (tag) {
        case "number":
          return Number(first);
        case "undefined":
          return undefined;
        case "bigint":
          return BigInt(first);
        case "again":
          return seen[first];
      }
      // Values are numbered in the order in which they begin, as the encoder numbered them.
      const at = seen.push(undefined) - 1;
      const keep = <T>(value: T): T => ((seen[at] = value), value);
      switch (tag) {
        case "date":
          return keep(new Date(Number(first)));
        case "regexp":
          return keep(new RegExp(first, second));
        case "buffer":
          return keep(base64.decode(first).buffer);
        case "view":
          return keep(new (views[first] ?? Uint8Array)(base64.decode(second).buffer));
        case "error": {
          const error = keep(new (errors[first] ?? Error)(second));
          if (third) error.stack = third;
          return error;
        }
        case "array": {
          const array = keep<unknown[]>([]);
          for (const item of rest) array.push(unpack(item));
          return array;
        }
        case "set": {
          const set = keep(new Set<unknown>());
          for (const item of rest) set.add(unpack(item));
          return set;
        }
        case "map": {
          const map = keep(new Map<unknown, unknown>());
          for (let i = 0; i < rest.length; i += 2) {
            const key = unpack(rest[i]);
            map.set(key, unpack(rest[i + 1]));
          }
          return map;
        }
        case "object": {
          const object = keep<Record<string, unknown>>({});
          for (const [key, field] of Object.entries(first)) {
            // Defined, not assigned: a key may be "__proto__".
            Object.defineProperty(object, key, {
              value: unpack(field),
              writable: true,
              enumerable: true,
              configurable: true,
            });
          }
          return object;
        }
        default:
          throw new Error(`Unknown tag ${tag}`);
      }
    };
    return unpack(JSON.parse(text));
  }

  return { encode, decode };
}

export const codec: Codec = createCodec({
  encode: (bytes) =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64"),
  decode: (text) => Uint8Array.from(Buffer.from(text, "base64")),
});
