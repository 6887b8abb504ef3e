import { describe, expect, it } from "vitest";
import { readCsv, readDialogues } from "./dialogues.ts";

describe("readCsv", () => {
  it("reads quoted fields with commas, quotes and line ends", () => {
    expect(readCsv('a,b\n1,"x, ""y""\nz"\r\n2,\n')).toEqual([
      ["a", "b"],
      ["1", 'x, "y"\nz'],
      ["2", ""],
    ]);
  });
});

describe("readDialogues", () => {
  it("gives turns of both sides, wherever they come from", () => {
    const { turns, source } = readDialogues();
    expect(turns.length).toBeGreaterThan(300);
    expect(new Set(turns.map(({ role }) => role))).toEqual(new Set(["doctor", "patient"]));
    expect(source).not.toBe("");
  });
});
