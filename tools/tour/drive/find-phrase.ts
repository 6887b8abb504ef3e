import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

export type Finding = { file: string; encoding: string };

/** The bytes that a text leaves behind in each encoding in which a program would keep it. */
export function encodingsOf(phrase: string): Map<string, Buffer> {
  const encodings = new Map<string, Buffer>([
    ["UTF-8", Buffer.from(phrase, "utf8")],
    ["UTF-16LE", Buffer.from(phrase, "utf16le")],
  ]);
  for (const before of [0, 1, 2]) {
    encodings.set(`base64, ${before} bytes in`, base64At(Buffer.from(phrase, "utf8"), before));
  }
  return encodings;
}

/**
 * The part of the base64 text that depends on the phrase alone, when it begins `before` bytes into
 * a group of three: the groups that it shares with its neighbours are left away.
 */
function base64At(phrase: Buffer, before: number): Buffer {
  const start = (3 - before) % 3;
  const end = start + Math.floor((phrase.length - start) / 3) * 3;
  return Buffer.from(phrase.subarray(start, end).toString("base64"));
}

/** Searches every file below the folders for a phrase, in all encodings. */
export function findPhrase(phrase: string, folders: string[]): Finding[] {
  const encodings = encodingsOf(phrase);
  const findings: Finding[] = [];
  for (const folder of folders) {
    for (const file of listFiles(folder)) {
      const bytes = readIfThere(file);
      for (const [encoding, pattern] of encodings) {
        if (bytes.includes(pattern)) findings.push({ file: relative(folder, file), encoding });
      }
    }
  }
  return findings;
}

/** A journal may be gone between the listing and the reading; then it holds nothing any more. */
function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      return Buffer.alloc(0);
    throw error;
  }
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false);
}
