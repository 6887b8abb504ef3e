import { describe, expect, it } from "vitest";
import { findImportFaults } from "./import-rules.ts";

const why = (file: string, source: string) =>
  findImportFaults(file, source).map((f) => f.specifier);

describe("import rules", () => {
  it("lets a room import itself and its neighbours", () => {
    expect(
      why(
        "electron/cache/open.ts",
        `import a from "./b.ts"; import { x } from "#shared/model/ids.ts";`,
      ),
    ).toEqual([]);
    expect(
      why(
        "renderer/components/consultation/x.tsx",
        `import { Button } from "@/ui/button/Button.tsx";`,
      ),
    ).toEqual([]);
  });

  it.each([
    ["shared/model/x.ts", `import fs from "node:fs";`, "node:fs"],
    ["shared/model/x.ts", `export { y } from "#electron/main.ts";`, "#electron/main.ts"],
    [
      "renderer/ui/button/Button.tsx",
      `import { useMessages } from "@/data/messages.ts";`,
      "@/data/messages.ts",
    ],
    [
      "renderer/workstation/main.tsx",
      `import { openCache } from "#electron/cache/open.ts";`,
      "#electron/cache/open.ts",
    ],
    [
      "electron/sync/pull.ts",
      `import { createClient } from "@supabase/supabase-js";`,
      "@supabase/supabase-js",
    ],
    ["electron/window/window.ts", `import { app } from "electron";`, "electron"],
    [
      "electron/queries/sessions.ts",
      `const x = await import("#electron/remote/client.ts");`,
      "#electron/remote/client.ts",
    ],
    ["electron/a/b/c.ts", `import "../../d.ts";`, "../../d.ts"],
    [
      "electron/cache/x.ts",
      `import\n  { a,\n b } from "#electron/sync/y.ts";`,
      "#electron/sync/y.ts",
    ],
  ])("refuses %s: %s", (file, source, specifier) => {
    expect(why(file, source)).toEqual([specifier]);
  });

  it("does not read comments", () => {
    expect(why("shared/x.ts", `// import fs from "node:fs";\n/* import "electron" */`)).toEqual([]);
  });

  it("lets a test use the test runner and the embedded backend, and its subject not", () => {
    const source = `import { it } from "vitest"; import { startLocalSupabase } from "#db/local/start.ts";`;
    expect(why("electron/sync/pull.test.ts", source)).toEqual([]);
    expect(why("electron/sync/pull.ts", source)).toHaveLength(2);
  });
});
