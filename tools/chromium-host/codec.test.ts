import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codec } from "./codec.ts";

const roundTrip = (value: unknown): unknown => codec.decode(codec.encode(value));

describe("codec", () => {
  it("keeps what structured clone keeps", () => {
    const value = {
      date: new Date(7),
      map: new Map([["key", new Set([1, undefined])]]),
      missing: undefined,
      big: 10n,
      numbers: [Number.NaN, Number.POSITIVE_INFINITY, -0],
      pattern: /x/gi,
      floats: new Float32Array([1.5]),
      buffer: new Uint8Array([1, 2, 3]).buffer,
    };
    expect(roundTrip(value)).toStrictEqual(structuredClone(value));
  });

  it("keeps an error's class, message and stack", () => {
    const error = new RangeError("too far");
    const copy = roundTrip(error) as RangeError;
    expect(copy).toBeInstanceOf(RangeError);
    expect([copy.message, copy.stack]).toEqual([error.message, error.stack]);
  });

  it("keeps cycles and shared values", () => {
    const shared = { deep: true };
    const value: Record<string, unknown> = { map: new Map([[shared, [shared]]]), shared };
    value.self = value;
    const copy = roundTrip(value) as typeof value;
    expect(copy.self).toBe(copy);
    expect([...(copy.map as Map<object, object[]>)][0]).toEqual([copy.shared, [copy.shared]]);
    expect([...(copy.map as Map<object, object[]>).keys()][0]).toBe(copy.shared);
  });

  it("refuses functions, symbols and promises", () => {
    for (const value of [() => 1, Symbol("x"), Promise.resolve(), { deep: [() => 1] }]) {
      expect(() => codec.encode(value)).toThrow("An object could not be cloned.");
    }
  });

  it("gives back any value as structured clone does", () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
    });
    fc.assert(
      fc.property(anything, (value) => {
        expect(roundTrip(value)).toStrictEqual(structuredClone(value));
      }),
      { numRuns: 300 },
    );
  });
});
