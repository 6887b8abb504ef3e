import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

type Tokens = Record<string, string>;

const css = readFileSync(new URL("tokens.css", import.meta.url), "utf8");

/** The colours that a block of the style sheet sets, by their name without `--cr-`. */
function tokensOf(selector: string): Tokens {
  const start = css.indexOf(`${selector} {`);
  if (start === -1) throw new Error(`no block for ${selector}`);
  const block = css.slice(start, css.indexOf("}", start));
  return Object.fromEntries(
    [...block.matchAll(/--cr-([a-z-]+):\s*([^;]+);/g)].map((match) => [match[1]!, match[2]!]),
  );
}

const luminance = (hex: string) => {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
};

/** The contrast of two colours as WCAG 2.2 defines it. */
const contrast = (one: string, other: string) => {
  const [dark, light] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
};

const light = tokensOf(".cr-root");
const bySystem = tokensOf('.cr-root:not([data-theme="light"], [data-theme="light"] *)');
const byChoice = tokensOf('[data-theme="dark"] .cr-root:not([data-theme="light"])');

describe("tokens", () => {
  it("computes contrast as WCAG does", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
    expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
  });

  it("has the same dark colours for the system's choice and for the reader's", () => {
    expect(byChoice).toEqual(bySystem);
    expect(Object.keys(byChoice).length).toBeGreaterThan(15);
    expect(Object.keys(light)).toEqual(expect.arrayContaining(Object.keys(byChoice)));
  });

  describe.each([
    ["light", light],
    ["dark", byChoice],
  ])("%s", (_, tokens) => {
    const surfaces = ["canvas", "surface", "sunken"];
    const cases: [foreground: string, on: string[], least: number][] = [
      ["text", surfaces, 14],
      ["text", ["own", "accent-soft"], 11],
      ["muted", surfaces, 5.6],
      ["muted", ["own", "accent-soft"], 4.5],
      ["danger", surfaces, 4.9],
      ["warning", surfaces, 4.9],
      ["ok", surfaces, 4.9],
      ["live", surfaces, 4.9],
      ["accent", [...surfaces, "accent-soft"], 4.5],
      ["on-accent", ["accent"], 4.5],
      ["outline", surfaces, 3],
    ];
    for (const [foreground, grounds, least] of cases) {
      it.each(grounds)(`${foreground} on %s has at least ${least}`, (ground) => {
        expect(contrast(tokens[foreground]!, tokens[ground]!)).toBeGreaterThanOrEqual(least);
      });
    }
  });
});

describe("style sheets", () => {
  const files = globSync("renderer/**/*.css");

  it("are found", () => expect(files.length).toBeGreaterThan(20));

  it.each(files)("%s uses logical properties only", (file) => {
    const physical =
      /(?:^|[\s;{])((?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)|left|right|top|bottom|(?:min-|max-)?(?:width|height))\s*:/m;
    expect(readFileSync(file, "utf8").replaceAll(/@(?:media|container)[^{]*/g, "")).not.toMatch(
      physical,
    );
  });

  it("touches nothing outside its own root", () => {
    // Comments hold braces and commas of their own.
    const rules = css.replaceAll(/\/\*[\s\S]*?\*\//g, "").matchAll(/(?:^|[{}])\s*([^{}@;]+)\{/g);
    for (const [, selector] of rules) expect(selector).toContain(".cr-root");
  });
});
