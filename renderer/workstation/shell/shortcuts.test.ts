import { describe, expect, it } from "vitest";
import { nameShortcut, numberPressed, printShortcut } from "./shortcuts.ts";

const keys = { key: "1", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

describe("shortcuts", () => {
  it("go with Ctrl, and on a Mac with ⌘", () => {
    expect(numberPressed({ ...keys, ctrlKey: true }, "Linux x86_64")).toBe(1);
    expect(numberPressed({ ...keys, ctrlKey: true }, "MacIntel")).toBeNull();
    expect(numberPressed({ ...keys, metaKey: true }, "MacIntel")).toBe(1);
    expect(numberPressed({ ...keys, metaKey: true }, "Win32")).toBeNull();
  });
  it("want their exact keys", () => {
    expect(numberPressed(keys, "Win32")).toBeNull();
    expect(numberPressed({ ...keys, ctrlKey: true, altKey: true }, "Win32")).toBeNull();
    expect(numberPressed({ ...keys, ctrlKey: true, shiftKey: true }, "Win32")).toBeNull();
    expect(numberPressed({ ...keys, ctrlKey: true, key: "a" }, "Win32")).toBeNull();
  });
  it("are printed as they are pressed", () => {
    expect(printShortcut("2", "Win32")).toBe("Ctrl+2");
    expect(printShortcut("2", "MacIntel")).toBe("⌘2");
    expect(nameShortcut("2", "Win32")).toBe("Control+2");
    expect(nameShortcut("2", "MacIntel")).toBe("Meta+2");
  });
});
