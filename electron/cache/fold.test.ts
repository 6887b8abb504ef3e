import { describe, expect, it } from "vitest";
import { fold, searchQuery } from "./fold.ts";

describe("folding a text for the search index", () => {
  it.each([
    ["Crème BRÛLÉE", "creme brulee"],
    ["Straße", "strasse"],
    ["ΟΔΟΣ οδός", "οδοσ οδοσ"],
    ["ＡＢＣ １２", "abc 12"],
    ["مُحَمَّد", "محمد"],
    ["한국어", "한국어"],
    ["हिन्दी", "हिन्दी"],
  ])("folds %s", (text, folded) => {
    expect(fold(text)).toBe(folded);
  });

  it("writes a run without spaces as pairs and its last character", () => {
    expect(fold("胸が痛い now").trim()).toBe("胸が が痛 痛い い  now");
  });
});

describe("a search as it is typed", () => {
  it.each([
    ["head ache", '"head" AND "ache" *'],
    ['"chest pain" left', '"chest pain" AND "left" *'],
    ['"chest pain"', '"chest pain"'],
    ['"chest pa', '"chest pa" *'],
    ["Crème", '"creme" *'],
    ["AND OR NOT", '"and" AND "or" AND "not" *'],
    ['a" OR text:*', '"a" AND "or text:*" *'],
    ["胸が痛", '"胸が が痛" *'],
    ["痛", '"痛" *'],
  ])("turns %s into a query", (typed, query) => {
    expect(searchQuery(typed)).toBe(query);
  });

  it.each(["", "  ", "?!", '"', "()"])("finds nothing to search for in %j", (typed) => {
    expect(searchQuery(typed)).toBeNull();
  });
});
