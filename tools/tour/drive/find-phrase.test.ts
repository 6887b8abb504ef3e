import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findPhrase } from "./find-phrase.ts";

const phrase = "the violet heron flies at noon";
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "find-phrase-"));
  mkdirSync(join(folder, "deep", "er"), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const keep = (bytes: Buffer) => writeFileSync(join(folder, "deep", "er", "file"), bytes);

describe("findPhrase", () => {
  it("finds nothing where nothing is", () => {
    keep(Buffer.from("the violet heron sleeps"));
    expect(findPhrase(phrase, [folder])).toEqual([]);
  });

  it.each([
    ["UTF-8", Buffer.from(`…${phrase}…`)],
    ["UTF-16LE", Buffer.from(`…${phrase}…`, "utf16le")],
  ])("finds it in %s", (encoding, bytes) => {
    keep(bytes);
    expect(findPhrase(phrase, [folder])).toEqual([{ file: join("deep", "er", "file"), encoding }]);
  });

  it.each([0, 1, 2, 3, 4, 5])("finds it in base64 after %i bytes", (before) => {
    const text = `${"x".repeat(before)}${phrase}yyyyy`;
    keep(Buffer.from(`"${Buffer.from(text).toString("base64")}"`));
    expect(findPhrase(phrase, [folder])).toMatchObject([
      { encoding: `base64, ${before % 3} bytes in` },
    ]);
  });
});
