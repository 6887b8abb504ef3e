import { describe, expect, it } from "vitest";
import { addDays, ageOn, boundsOf, dayOf, startOfDay } from "./day.ts";

describe("a day", () => {
  it("is the local one, also late in the evening and early in the morning", () => {
    expect(dayOf(new Date(2026, 10, 26, 23, 59))).toBe("2026-11-26");
    expect(dayOf(new Date(2026, 10, 26, 0, 0))).toBe("2026-11-26");
  });

  it("moves over the ends of months and years", () => {
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addDays("2028-03-01", -1)).toBe("2028-02-29");
  });

  it("moves one day at a time through the whole year, whatever the clocks do", () => {
    let day = "2026-01-01";
    for (let n = 0; n < 365; n += 1) {
      const next = addDays(day, 1);
      expect(next > day).toBe(true);
      expect(addDays(next, -1)).toBe(day);
      day = next;
    }
    expect(day).toBe("2027-01-01");
  });

  it("ends where the next begins", () => {
    expect(boundsOf("2026-11-26").to).toBe(boundsOf("2026-11-27").from);
    expect(new Date(boundsOf("2026-11-26").from)).toEqual(startOfDay("2026-11-26"));
  });
});

describe("an age", () => {
  it("counts full years only", () => {
    expect(ageOn("1979-03-14", "2026-03-13")).toBe(46);
    expect(ageOn("1979-03-14", "2026-03-14")).toBe(47);
  });
  it("is unknown where the date of birth is", () => {
    expect(ageOn(null, "2026-03-14")).toBeNull();
  });
});
