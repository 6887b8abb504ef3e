import { PGlite } from "@supabase/lite/pglite";
import type { Engine, Row, Template } from "./project.ts";
import { fixture } from "./project.ts";

async function open(loadDataDir?: Blob | File): Promise<PGlite> {
  // As text, as the other engine gives them: bigint, numeric, timestamptz.
  const parsers = { 20: String, 1700: String, 1184: String };
  const pg = new PGlite({ parsers, ...(loadDataDir ? { loadDataDir } : {}) });
  await pg.waitReady;
  return pg;
}

/** PGlite: PostgreSQL 17 in this process, one connection for each database. */
export function pgliteEngine(): Engine {
  let prepared: Blob | File | undefined;
  return {
    name: "PGlite",
    absent: null,
    concurrent: false,
    async start() {
      const pg = await open();
      await pg.exec(fixture);
      prepared = await pg.dumpDataDir("none");
      await pg.close();
    },
    async createProject(template?: Template) {
      const pg = await open(typeof template?.of === "object" ? template.of : prepared);
      return {
        query: async <T>(text: string, parameters?: unknown[]) =>
          (await pg.query<T>(text, parameters)).rows,
        async count(text) {
          const { rows, affectedRows } = await pg.query(text);
          return rows.length > 0 ? rows.length : (affectedRows ?? 0);
        },
        async exec(text) {
          const results = await pg.exec(text);
          return (results.findLast((result) => result.rows.length > 0)?.rows ?? []) as Row[];
        },
        connect: () => Promise.reject(new Error("PGlite has one connection only")),
        async keep() {
          const of = await pg.dumpDataDir("none");
          await pg.close();
          return { of };
        },
        close: () => pg.close(),
      };
    },
    async stop() {
      prepared = undefined;
    },
  };
}
