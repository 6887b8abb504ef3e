import { describe, expect, it } from "vitest";
import { decodeFrame, encodeFrame, type Frame } from "./frames.ts";

const frame: Frame = {
  joinRef: "1",
  ref: "2",
  topic: "realtime:room",
  event: "phx_reply",
  payload: { status: "ok" },
};

function pushOf(fields: { topic: string; event: string; isJson: boolean; body: Buffer }): Buffer {
  const parts = ["1", "2", fields.topic, fields.event, ""].map((part) => Buffer.from(part));
  const head = [3, ...parts.map((part) => part.length), fields.isJson ? 1 : 0];
  return Buffer.concat([Buffer.from(head), ...parts, fields.body]);
}

describe("frames", () => {
  it("are lists in version 2 and objects in version 1", () => {
    expect(JSON.parse(String(encodeFrame(frame, 2)))).toEqual([
      "1",
      "2",
      "realtime:room",
      "phx_reply",
      { status: "ok" },
    ]);
    expect(JSON.parse(String(encodeFrame(frame, 1)))).toEqual({
      topic: "realtime:room",
      event: "phx_reply",
      payload: { status: "ok" },
      ref: "2",
      join_ref: "1",
    });
    for (const version of [1, 2] as const)
      expect(decodeFrame(Buffer.from(String(encodeFrame(frame, version))), false, version)).toEqual(
        frame,
      );
  });

  it("carry a broadcast as bytes to version 2, and as text to version 1", () => {
    const push = pushOf({
      topic: "realtime:room",
      event: "typing",
      isJson: true,
      body: Buffer.from('{"a":"å"}'),
    });
    const read = decodeFrame(push, true, 2);
    expect(read).toMatchObject({ topic: "realtime:room", broadcast: { event: "typing" } });
    const bytes = encodeFrame(read, 2);
    expect(Buffer.isBuffer(bytes) && [...bytes.subarray(0, 5)]).toEqual([4, 13, 6, 0, 1]);
    expect(JSON.parse(String(encodeFrame(read, 1)))).toMatchObject({
      payload: { type: "broadcast", event: "typing", payload: { a: "å" } },
    });
  });

  it("have no form for raw bytes in version 1", () => {
    const push = pushOf({ topic: "t", event: "e", isJson: false, body: Buffer.from([1, 2]) });
    expect(encodeFrame(decodeFrame(push, true, 2), 1)).toBeNull();
  });

  it.each([
    ["nothing", Buffer.alloc(0), true],
    ["another kind", Buffer.from([9, 0, 0, 0, 0, 0, 0]), true],
    ["a cut head", Buffer.from([3, 1, 1, 200, 1, 0, 0]), true],
    [
      "JSON that is none",
      pushOf({ topic: "t", event: "e", isJson: true, body: Buffer.from("{") }),
      true,
    ],
    ["text that is no frame", Buffer.from('{"a":1}'), false],
    ["a list that is too short", Buffer.from('["1"]'), false],
  ])("throw on %s", (_, data, isBinary) => {
    expect(() => decodeFrame(data, isBinary, 2)).toThrow(/frame|JSON/i);
  });
});
