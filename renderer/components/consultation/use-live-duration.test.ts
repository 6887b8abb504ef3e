import { describe, expect, it } from "vitest";
import { SessionId } from "#shared/model/ids.ts";
import { steady } from "./use-live-duration.ts";

const id = SessionId.parse("018f0000-0000-7000-8000-000000000001");
const other = SessionId.parse("018f0000-0000-7000-8000-000000000002");

describe("the clock of the room", () => {
  it("waits for a count of the server that is just behind, and does not step back", () => {
    expect(steady({ id, seconds: 7.4 }, id, 6)).toBe(7.4);
  });

  it("goes on with what is ahead", () => {
    expect(steady({ id, seconds: 7.4 }, id, 8)).toBe(8);
  });

  it("takes the server's count where it is far behind, as after a sleep", () => {
    expect(steady({ id, seconds: 900 }, id, 120)).toBe(120);
  });

  it("begins anew with another consultation", () => {
    expect(steady({ id: other, seconds: 7.4 }, id, 6)).toBe(6);
  });
});
