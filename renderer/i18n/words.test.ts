import { describe, expect, it } from "vitest";
import { FaultCode } from "#shared/contract/fault.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { createWords, directionOf, loadLanguage, pickLanguage } from "./i18n.ts";

type Tree = { readonly [key: string]: string | Tree };

const flatten = (words: Tree, prefix = ""): [key: string, text: string][] =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === "string"
      ? [[prefix + key, value] as [string, string]]
      : flatten(value, `${prefix}${key}.`),
  );

const english = new Map(flatten(en));
const placeholders = (text: string) =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).toSorted();

describe("English", () => {
  it("has no empty word", () => {
    const empty = [...english].filter(([, text]) => text.trim() === "");
    expect(english.size).toBeGreaterThan(100);
    expect(empty).toEqual([]);
  });

  it("says every fault with what to do next", () => {
    for (const code of FaultCode.options) {
      expect(en.faults[code].title).toBeTruthy();
      expect(en.faults[code].next).toMatch(/[.!]$/);
    }
  });

  it("has both plurals of every word that counts", () => {
    const counting = [...english.keys()].filter((key) => key.endsWith("_one"));
    expect(counting.length).toBeGreaterThan(0);
    expect(counting.filter((key) => !english.has(key.replace(/_one$/, "_other")))).toEqual([]);
  });
});

describe("Spanish", () => {
  it("translates only what English has, with the same values", () => {
    const spanish = flatten(es);
    expect(spanish.length).toBeGreaterThan(30);
    expect(spanish.filter(([key]) => !english.has(key))).toEqual([]);
    const held = spanish.map(([key, text]) => [key, placeholders(text)]);
    expect(held).toEqual(spanish.map(([key]) => [key, placeholders(english.get(key)!)]));
  });
});

describe("createWords", () => {
  it("keeps apart from every other i18next on the page", async () => {
    const { default: shared } = await import("i18next");
    createWords("en");
    expect(shared.isInitialized).toBeFalsy();
  });

  it("counts, and fills values in as they are", () => {
    const words = createWords("en");
    expect(words.t("room.newMessages", { count: 1 })).toBe("1 new message");
    expect(words.t("room.newMessages", { count: 3 })).toBe("3 new messages");
    expect(words.t("room.says", { name: "A", text: "<b> & {{x}}" })).toContain("<b> &");
  });

  it("brings another language in, and falls back to English", async () => {
    const words = createWords("en");
    await loadLanguage(words, "es");
    expect(words.t("room.finish")).toBe("Terminar");
    expect(words.t("faults.cancelled.title")).toBe(en.faults.cancelled.title);
  });
});

describe("languages", () => {
  it("picks the first that is spoken here", () => {
    expect(pickLanguage(["de-DE", "es-MX", "en"])).toBe("es");
    expect(pickLanguage(["de-DE"])).toBe("en");
    expect(pickLanguage([])).toBe("en");
  });

  it("knows which are read from the right", () => {
    expect(directionOf("ar-EG")).toBe("rtl");
    expect(directionOf("en-GB")).toBe("ltr");
  });
});
