import { readFileSync } from "node:fs";

const read = (name: string) => readFileSync(new URL(`./sql/${name}.sql`, import.meta.url), "utf8");

/** What makes a PGlite into a project: before lite's own schemas, and after them. */
export function systemSql(fixGrants: boolean): { before: string; after: string[] } {
  return {
    before: read("roles"),
    after: [
      read("auth"),
      ...(fixGrants ? [read("auth-grants")] : []),
      read("storage"),
      read("realtime"),
      read("guards"),
    ],
  };
}
