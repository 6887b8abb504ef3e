import { basename } from "node:path";
import type { ErrorFields, ErrorName, StackFrames } from "./events.ts";

const MAX_FRAMES = 8;

/** A class name, a Node or SQLite code: one short word with no room for a sentence. */
const word = (value: unknown): string | null =>
  typeof value === "string" && /^[A-Za-z][A-Za-z0-9_]{0,60}$/.test(value) ? value : null;

/** `functionName file.js:12:3` of one line of a stack; folders are cut off, they hold the user's name. */
const frame = (line: string): string | null => {
  const found = /^\s*at (?:(?:async )?([\w$.<>[\] ]{1,80}) \()?(.+?):(\d+):(\d+)\)?$/.exec(line);
  if (found === null) return null;
  const file = basename((found[2] ?? "").replaceAll("\\", "/")).replace(/[^\w.-]/g, "");
  return `${(found[1] ?? "").replaceAll(" ", "_")} ${file}:${found[3]}:${found[4]}`.trim();
};

/**
 * What may be logged of an error: its class or code, and where it was thrown.
 * Never its message: a database or a parser may quote a patient's words in it.
 */
export function describeError(error: unknown): ErrorFields {
  const code =
    typeof error === "object" && error !== null && "code" in error ? word(error.code) : null;
  const name = error instanceof Error ? (word(error.name) ?? "Error") : typeof error;
  // The first lines of a stack repeat the message, which may itself look like a frame.
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const message = error instanceof Error ? error.message : "";
  const at = message === "" ? 0 : stack.indexOf(message) + message.length;
  const frames = stack
    .slice(at)
    .split("\n")
    .map(frame)
    .filter((text) => text !== null)
    .slice(0, MAX_FRAMES);
  return {
    error: (code === null ? name : `${name}:${code}`) as ErrorName,
    frames: frames as readonly string[] as StackFrames,
  };
}
