import { describe, expect, it } from "vitest";
import { workstation as english } from "#renderer/i18n/en/workstation.ts";
import { workstation as spanish } from "#renderer/i18n/es/workstation.ts";

type Words = { readonly [key: string]: string | Words };

const flatten = (words: Words, before = ""): [key: string, word: string][] =>
  Object.entries(words).flatMap(([key, word]) =>
    typeof word === "string" ? [[before + key, word]] : flatten(word, `${before}${key}.`),
  );

const valuesOf = (word: string) =>
  [...word.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).toSorted();

describe("the workstation in Spanish", () => {
  it("has every word of the English one, with the same values in it", () => {
    const translated = new Map(flatten(spanish));
    expect([...translated.keys()]).toEqual(flatten(english).map(([key]) => key));
    for (const [key, word] of flatten(english)) {
      expect([key, valuesOf(translated.get(key) ?? "")]).toEqual([key, valuesOf(word)]);
    }
  });
});
