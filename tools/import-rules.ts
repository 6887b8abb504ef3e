/**
 * Which room may import what. A room is a path prefix; the longest that fits a file is its room.
 * `rooms` are other rooms; `packages` are npm packages and Node built-ins ("node:" is all of them).
 * Test files may also import what tests need (see `TEST_EXTRAS`).
 */
export type Rule = { room: string; rooms: string[]; packages: string[] };

export const RULES: Rule[] = [
  { room: "shared/", rooms: [], packages: ["zod", "uuid", "@supabase/supabase-js"] },
  { room: "db/cache/", rooms: [], packages: [] },
  { room: "db/schema/", rooms: [], packages: [] },
  { room: "db/seed/", rooms: ["shared/"], packages: [] },
  { room: "db/suite/", rooms: ["db/"], packages: ["node:", "postgres", "@supabase/lite"] },
  {
    room: "db/local/",
    rooms: ["db/seed/", "shared/"],
    packages: ["node:", "@supabase/lite", "@electric-sql/pglite", "bcryptjs", "ws", "jose", "zod"],
  },
  { room: "db/", rooms: [], packages: ["node:"] },
  {
    room: "electron/cache/",
    rooms: ["db/cache/", "shared/"],
    packages: ["node:", "better-sqlite3", "zod", "uuid"],
  },
  { room: "electron/sync/", rooms: ["electron/cache/", "shared/"], packages: ["node:", "zod"] },
  {
    room: "electron/sync/model/",
    rooms: ["electron/", "db/", "shared/"],
    packages: ["node:", "better-sqlite3", "fast-check", "vitest"],
  },
  {
    room: "electron/remote/",
    rooms: ["shared/", "electron/sync/"],
    packages: ["node:", "@supabase/supabase-js", "zod"],
  },
  {
    room: "electron/queries/",
    rooms: ["electron/cache/", "electron/bridge/", "shared/"],
    packages: ["zod"],
  },
  {
    room: "electron/commands/",
    rooms: ["electron/cache/", "electron/bridge/", "shared/"],
    packages: ["zod"],
  },
  { room: "electron/platform/", rooms: ["shared/"], packages: ["node:", "electron"] },
  { room: "electron/", rooms: ["electron/", "shared/"], packages: ["node:", "zod"] },
  { room: "electron/preload.ts", rooms: ["shared/"], packages: ["electron"] },
  {
    room: "renderer/ui/",
    rooms: [],
    packages: [
      "react",
      "react-dom",
      "react-aria-components",
      "react-aria",
      "@tanstack/react-virtual",
    ],
  },
  { room: "renderer/i18n/", rooms: ["shared/"], packages: ["react", "i18next", "react-i18next"] },
  {
    room: "renderer/bridge/",
    rooms: ["shared/"],
    packages: ["@supabase/supabase-js", "uuid", "zod"],
  },
  {
    room: "renderer/data/",
    rooms: ["renderer/bridge/", "shared/"],
    packages: ["react", "@tanstack/react-query"],
  },
  {
    room: "renderer/components/",
    rooms: [
      "renderer/data/",
      "renderer/call/",
      "renderer/ui/",
      "renderer/i18n/",
      "renderer/bridge/",
      "shared/",
    ],
    packages: ["react", "react-dom", "react-aria-components", "@supabase/supabase-js"],
  },
  {
    room: "renderer/workstation/",
    rooms: [
      "renderer/components/",
      "renderer/data/",
      "renderer/call/",
      "renderer/ui/",
      "renderer/i18n/",
      "renderer/bridge/",
      "shared/",
    ],
    packages: ["react", "react-dom", "react-aria-components", "@fontsource-variable/inter"],
  },
  {
    room: "renderer/patient/",
    rooms: [
      "renderer/components/",
      "renderer/data/",
      "renderer/call/",
      "renderer/ui/",
      "renderer/i18n/",
      "renderer/bridge/",
      "shared/",
    ],
    packages: ["react", "react-dom", "react-aria-components", "@supabase/supabase-js", "zod"],
  },
];

const TEST_EXTRAS = {
  rooms: ["db/local/", "db/seed/", "shared/"],
  packages: ["vitest", "node:", "@testing-library/", "fast-check", "@supabase/supabase-js", "ws"],
};

export type ImportFault = { file: string; specifier: string; why: string };

/** Checks one file's imports; `file` is relative to the project, with forward slashes. */
export function findImportFaults(file: string, source: string): ImportFault[] {
  const rule = RULES.filter(({ room }) => file.startsWith(room)).toSorted(
    (a, b) => b.room.length - a.room.length,
  )[0];
  if (!rule) return [];
  if (file.endsWith(".config.ts")) return [];
  const test = /\.test\.tsx?$|\/testing\//.test(file);
  const rooms = [rule.room, ...rule.rooms, ...(test ? TEST_EXTRAS.rooms : [])];
  const packages = [...rule.packages, ...(test ? TEST_EXTRAS.packages : [])];
  const faults: ImportFault[] = [];
  for (const specifier of listImports(source)) {
    const target = resolve(file, specifier);
    if (specifier.startsWith("../../")) {
      faults.push({ file, specifier, why: "climbs; name the room: #room/…" });
    } else if (target === null) {
      if (!packages.some((name) => fits(specifier, name))) {
        faults.push({ file, specifier, why: `${rule.room} may not import this package` });
      }
    } else if (!rooms.some((room) => target.startsWith(room))) {
      faults.push({ file, specifier, why: `${rule.room} may not import from there` });
    }
  }
  return faults;
}

const fits = (specifier: string, name: string) =>
  name.endsWith(":") || name.endsWith("/")
    ? specifier.startsWith(name)
    : specifier === name || specifier.startsWith(`${name}/`);

function listImports(source: string): string[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/^\s*\/\/.*$/gm, "");
  const found = code.matchAll(
    /(?:^|[;\s])(?:import|export)\s[^"';]*?from\s*["']([^"']+)["']|(?:^|\s)import\s*["']([^"']+)["']|import\(\s*["']([^"']+)["']/g,
  );
  return [...found].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

/** The path inside the project that a specifier names; null for a package. */
function resolve(file: string, specifier: string): string | null {
  if (specifier.startsWith("#")) return specifier.slice(1);
  if (specifier.startsWith("@/")) return `renderer/${specifier.slice(2)}`;
  if (!specifier.startsWith(".")) return null;
  const parts = file.split("/").slice(0, -1);
  for (const step of specifier.split("/")) {
    if (step === "..") parts.pop();
    else if (step !== ".") parts.push(step);
  }
  return parts.join("/");
}
