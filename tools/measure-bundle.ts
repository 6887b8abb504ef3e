import { gzipSync } from "node:zlib";
import { z } from "zod";

const Manifest = z.record(
  z.string(),
  z.object({
    file: z.string(),
    imports: z.array(z.string()).default([]),
    css: z.array(z.string()).default([]),
  }),
);

/**
 * Adds up the JS and CSS that a browser loads for some entries of a Vite manifest: the entries, what
 * they import, and the styles of all of these, each once. Throws when an entry is not in the build,
 * so that a renamed file cannot make the sum small.
 */
export function measureBundle(
  manifest: unknown,
  entries: readonly string[],
  read: (file: string) => Uint8Array,
): { files: { file: string; size: number }[]; bytes: number } {
  const chunks = Manifest.parse(manifest);
  const seen = new Set<string>();
  const files = new Set<string>();
  const visit = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    const chunk = chunks[name];
    if (chunk === undefined) throw new Error(`${name} is not in the build`);
    files.add(chunk.file);
    for (const style of chunk.css) files.add(style);
    for (const imported of chunk.imports) visit(imported);
  };
  for (const entry of entries) visit(entry);
  const measured = [...files]
    .map((file) => ({ file, size: gzipSync(read(file), { level: 9 }).length }))
    .toSorted((a, b) => b.size - a.size);
  return { files: measured, bytes: measured.reduce((sum, { size }) => sum + size, 0) };
}
