import { describe, expect, it } from "vitest";

const sources = import.meta.glob<string>("/renderer/**/*.{ts,tsx}", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** `renderer/…` from what a file says in an import; null for another room or a package. */
const resolve = (from: string, specifier: string): string | null => {
  if (/^(#renderer|@)\//.test(specifier)) return `/renderer/${specifier.replace(/^[^/]+\//, "")}`;
  if (!specifier.startsWith(".")) return null;
  const parts = from.split("/").slice(0, -1);
  for (const step of specifier.split("/")) {
    if (step === "..") parts.pop();
    else if (step !== ".") parts.push(step);
  }
  return parts.join("/");
};

const reachedFrom = (entry: string): Set<string> => {
  const reached = new Set<string>();
  const open = [entry];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    const source = sources[file];
    if (reached.has(file) || source === undefined) continue;
    reached.add(file);
    for (const [, specifier = ""] of source.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)) {
      const next = resolve(file, specifier);
      if (next !== null) open.push(next);
    }
  }
  return reached;
};

const isInvented = (file: string) => /bridge\/(memory-|invented\/|gallery)/.test(file);

describe("what the products are built from", () => {
  it.each(["/renderer/workstation/main.tsx", "/renderer/patient/main.tsx"])(
    "%s reaches the whole app and nothing invented",
    (entry) => {
      const reached = [...reachedFrom(entry)];
      expect(reached.length).toBeGreaterThan(40);
      expect(reached.filter(isInvented)).toEqual([]);
    },
  );

  it("is seen where it is: the page of scenes reaches the invented clinic", () => {
    const reached = [...reachedFrom("/renderer/workstation/dev/dev.tsx")];
    expect(reached.filter(isInvented)).toContain("/renderer/bridge/invented/clinic.ts");
  });
});
