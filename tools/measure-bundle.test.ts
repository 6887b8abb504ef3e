import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { measureBundle } from "./measure-bundle.ts";

const manifest = {
  "page.html": {
    file: "page.js",
    imports: ["_shared"],
    css: ["page.css"],
    dynamicImports: ["Room"],
  },
  Room: { file: "room.js", imports: ["_shared", "page.html"], css: ["room.css"] },
  Past: { file: "past.js", imports: ["_shared"] },
  _shared: { file: "shared.js", imports: [] },
};
const read = (file: string) => Buffer.from(`${file} `.repeat(file.length));

describe("measureBundle", () => {
  it("adds up what the entries need, each file once, and nothing else", () => {
    const { files, bytes } = measureBundle(manifest, ["page.html", "Room"], read);
    const names = ["page.js", "page.css", "shared.js", "room.js", "room.css"];
    expect(files.map(({ file }) => file).toSorted()).toEqual(names.toSorted());
    expect(bytes).toBe(
      names.reduce((sum, file) => sum + gzipSync(read(file), { level: 9 }).length, 0),
    );
    expect(measureBundle(manifest, ["page.html"], read).bytes).toBeLessThan(bytes);
  });

  it("refuses an entry that is not in the build", () => {
    expect(() => measureBundle(manifest, ["Waiting"], read)).toThrow("Waiting is not in the build");
  });
});
