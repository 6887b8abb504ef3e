import { readFileSync } from "node:fs";

/** The part of Electron's `NativeImage` that a PNG alone can answer. */
export type Image = {
  toPNG: () => Buffer;
  toDataURL: () => string;
  isEmpty: () => boolean;
  getSize: () => { width: number; height: number };
};

export function createImage(png: Buffer): Image {
  const empty = png.length < 24;
  return {
    toPNG: () => png,
    toDataURL: () => `data:image/png;base64,${png.toString("base64")}`,
    isEmpty: () => empty,
    getSize: () => ({
      width: empty ? 0 : png.readUInt32BE(16),
      height: empty ? 0 : png.readUInt32BE(20),
    }),
  };
}

export const nativeImage = {
  createEmpty: () => createImage(Buffer.alloc(0)),
  createFromPath: (path: string) => {
    try {
      return createImage(readFileSync(path));
    } catch {
      return createImage(Buffer.alloc(0)); // as Electron: an unreadable file is an empty image
    }
  },
  createFromBuffer: (png: Buffer) => createImage(png),
  createFromDataURL: (url: string) => createImage(Buffer.from(url.split(",")[1] ?? "", "base64")),
};
