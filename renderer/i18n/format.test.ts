import { describe, expect, it } from "vitest";
import { createFormat } from "./format.ts";
import { createWords } from "./i18n.ts";
import type { Translate } from "./keys.ts";

const t = createWords("en").t as Translate;
const now = () => new Date("2026-11-26T09:14:00Z");
const london = createFormat("en-GB", "Europe/London", t, now);

describe("format", () => {
  it("tells the time by the reader's zone", () => {
    expect(london.time("2026-11-26T09:02:00Z")).toBe("09:02");
    expect(createFormat("en-GB", "Asia/Tokyo", t, now).time("2026-11-26T09:02:00Z")).toBe("18:02");
    expect(createFormat("en-US", "Europe/London", t, now).time("2026-11-26T15:02:00Z")).toMatch(
      /^3:02\sPM$/,
    );
  });

  it("names days from the reader's midnight on", () => {
    expect(london.relativeDay("2026-11-26T00:00:00Z")).toBe("Today");
    expect(london.relativeDay("2026-11-25T23:59:59Z")).toBe("Yesterday");
    expect(london.relativeDay("2026-11-12T09:00:00Z")).toBe("Thu 12 Nov");
    // Two hours before London's midnight is the next day in Tokyo.
    expect(createFormat("en-GB", "Asia/Tokyo", t, now).relativeDay("2026-11-25T22:00:00Z")).toBe(
      "Today",
    );
  });

  it("gives the year when it is not this one", () => {
    expect(london.day("2025-11-12T09:00:00Z")).toMatch(/2025/);
    expect(london.day("2026-11-12T09:00:00Z")).not.toMatch(/2026/);
  });

  it("counts days right over the change of the clocks", () => {
    const spring = createFormat(
      "en-GB",
      "Europe/London",
      t,
      () => new Date("2026-03-29T12:00:00Z"),
    );
    expect(spring.relativeDay("2026-03-28T12:00:00Z")).toBe("Yesterday");
  });

  it("writes durations as a clock", () => {
    expect(london.clock(0)).toBe("00:00");
    expect(london.clock(432.9)).toBe("07:12");
    expect(london.clock(4_032)).toBe("1:07:12");
    expect(london.clock(-5)).toBe("00:00");
  });

  it("writes durations in whole minutes, never none", () => {
    expect(london.minutes(20)).toBe("1 min");
    expect(london.minutes(432)).toBe("7 min");
  });

  it("gives a moment the day only when it is another", () => {
    expect(london.moment("2026-11-26T09:02:00Z")).toBe("09:02");
    expect(london.moment("2026-11-12T09:02:00Z")).toBe("Thu 12 Nov, 09:02");
  });
});
