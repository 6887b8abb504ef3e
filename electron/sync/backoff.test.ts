import { describe, expect, it } from "vitest";
import { FaultCode } from "#shared/contract/fault.ts";
import { backoffMs } from "./backoff.ts";
import { kindOf } from "./fault-kind.ts";

describe("the wait after a failure", () => {
  it("S15: doubles up to a minute, of which at most half is taken away at random", () => {
    const longest = [1, 2, 3, 7, 8, 9, 1_000].map((n) => backoffMs(n, () => 1));
    expect(longest).toEqual([500, 1_000, 2_000, 32_000, 60_000, 60_000, 60_000]);
    expect(backoffMs(8, () => 0)).toBe(30_000);
    expect(new Set(Array.from({ length: 20 }, () => backoffMs(8))).size).toBeGreaterThan(10);
  });

  it("S15: knows what every fault asks for", () => {
    const kinds = Object.groupBy(FaultCode.options, kindOf);
    expect(kinds.again).toEqual(["offline", "quota", "server", "cancelled"]);
    expect(kinds.last_word).toEqual([
      "refused",
      "not_found",
      "already_ended",
      "already_signed",
      "appointment_mismatch",
      "invalid_input",
    ]);
    expect(kinds.blocked).toContain("not_signed_in");
  });
});
