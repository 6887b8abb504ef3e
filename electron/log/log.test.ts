import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { describeError } from "./describe-error.ts";
import { openLog } from "./log.ts";

const WORDS = "My chest hurts since Tuesday";

describe("log", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "log-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const text = () =>
    readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("");

  it("writes one JSON object a line", () => {
    const log = openLog(folder, { now: () => new Date(0) });
    log.write("account.signedIn", { durationMs: 12 });
    expect(JSON.parse(text())).toEqual({
      at: "1970-01-01T00:00:00.000Z",
      event: "account.signedIn",
      durationMs: 12,
    });
  });

  it("takes no free text: not by its types, and not at run time", () => {
    const log = openLog(folder);
    // @ts-expect-error a sentence is no field of any line
    log.write("account.signedIn", { durationMs: WORDS });
    expect(text()).toContain("[withheld]");
    expect(text()).not.toContain("chest");
  });

  it("keeps the words out of an error's message, its stack and its cause", () => {
    const error = new TypeError(`${WORDS}\n    at chest (hurts.ts:1:1)`, {
      cause: new Error(WORDS),
    });
    const log = openLog(folder);
    const ref = log.unexpected("message.send", error);
    expect(text()).not.toContain("chest");
    expect(text()).not.toContain("hurts");
    const line = JSON.parse(text());
    expect(line).toMatchObject({ ref, at: "message.send", error: "TypeError" });
    expect(line.frames[0]).toMatch(/log\.test\.ts:\d+:\d+$/);
    expect(text()).not.toContain(tmpdir());
  });

  it("tells the code of an error, but only where it is a word", () => {
    expect(describeError(Object.assign(new Error(WORDS), { code: "SQLITE_FULL" })).error).toBe(
      "Error:SQLITE_FULL",
    );
    expect(describeError(Object.assign(new Error(), { code: WORDS })).error).toBe("Error");
    expect(describeError(WORDS)).toEqual({ error: "string", frames: [] });
  });

  it("throws the oldest file away and keeps the rest within bounds", () => {
    const log = openLog(folder, { maxBytes: 500, files: 3 });
    for (let n = 0; n < 100; n++) log.write("account.signedIn", { durationMs: n });
    expect(readdirSync(folder).toSorted()).toEqual(["main.1.jsonl", "main.2.jsonl", "main.jsonl"]);
    expect(text().length).toBeLessThan(1500);
    expect(text()).toContain('"durationMs":99');
    expect(text()).not.toContain('"durationMs":1}');
  });

  it("goes on when the folder cannot be written", () => {
    const log = openLog(join(folder, "x\0y"));
    expect(() => log.write("app.stopped", {})).not.toThrow();
  });
});
