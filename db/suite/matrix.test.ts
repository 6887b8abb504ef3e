import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildScript } from "../build.ts";
import { engines, titleOf } from "./engine.ts";
import type { Project } from "./project.ts";
import { askAll, headLine, lineOf } from "./matrix.ts";
import { startWorld } from "./world.ts";

/** Who gets what: a number is a count of rows; `policy` and `-` are refusals by row security and for want of a grant. */
const expected = readFileSync(new URL("./access-matrix.txt", import.meta.url), "utf8")
  .trimEnd()
  .split("\n");

const policies = [...buildScript().matchAll(/create policy (\w+) on ([\w.]+) for (\w+)/g)].map(
  ([, name = "", table = "", command = ""]) => ({ name, table, command }),
);
const groupOf: Record<string, string> = {
  "storage.objects": "files",
  "realtime.messages": "topic",
};

for (const engine of engines) {
  describe.skipIf(engine.absent !== null)(`row security on ${titleOf(engine)}`, () => {
    let project: Project;

    beforeAll(async () => {
      project = await engine.createProject(await startWorld(engine));
    });
    afterAll(async () => {
      await project.close();
      await engine.stop();
    });

    it("gives everyone exactly what the matrix says", async () => {
      const lines = [headLine];
      await project.exec("begin");
      try {
        for await (const line of askAll(project)) lines.push(lineOf(line));
      } finally {
        await project.exec("rollback");
      }
      expect(lines.map((line) => line.trimEnd())).toEqual(expected.map((line) => line.trimEnd()));
    });

    it("knows every policy of the script", async () => {
      const rows = await project.query<{ name: string }>(
        "select policyname as name from pg_policies order by 1",
      );
      expect(rows.map(({ name }) => name)).toEqual(policies.map(({ name }) => name).toSorted());
    });

    /** The first line of the matrix that no longer holds under a changed policy; null if all hold. */
    async function firstBroken(change: string, table: string): Promise<string | null> {
      await project.exec("begin");
      try {
        await project.exec(change);
        const group = groupOf[table] ?? table.replace(/^public\.(consultation_)?/, "");
        for await (const line of askAll(project, group)) {
          const text = lineOf(line).trimEnd();
          if (!expected.some((wanted) => wanted.trimEnd() === text)) return text;
        }
        return null;
      } finally {
        await project.exec("rollback");
      }
    }

    it("finds nothing broken while nothing is changed", async () => {
      expect(await firstBroken("select 1", "realtime.messages")).toBeNull();
    });

    for (const { name, table, command } of policies) {
      it(`notices when ${name} on ${table} is dropped`, async () => {
        expect(await firstBroken(`drop policy ${name} on ${table}`, table)).not.toBeNull();
      });
      it(`notices when ${name} on ${table} lets everyone`, async () => {
        const open = command === "insert" ? "with check (true)" : "using (true)";
        const change = `drop policy ${name} on ${table};
          create policy ${name} on ${table} for ${command} to authenticated ${open}`;
        expect(await firstBroken(change, table)).not.toBeNull();
      });
    }
  });
}
