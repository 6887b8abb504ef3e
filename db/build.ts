import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const target = here("./04_create_consultation_tables.sql");

const head = `-- Consulting Room: everything the product needs in a Supabase project, in one paste.
-- Copy the whole file into the SQL editor and run it. Running it again changes nothing and loses
-- nothing. The last result is a table: each line says ok, or what to do.
-- Built from db/schema/*.sql by "npm run db:build": edit those, not this file.
`;

/** The script that a clinic pastes: the numbered parts of `db/schema`, in order. */
export function buildScript(): string {
  const parts = readdirSync(here("./schema"))
    .filter((name) => /^\d\d-[a-z-]+\.sql$/.test(name))
    .toSorted();
  const bodies = parts.map(
    (name) => `\n-- ==== ${name} ====\n${readFileSync(here(`./schema/${name}`), "utf8").trim()}\n`,
  );
  return head + bodies.join("");
}

function run(checkOnly: boolean): void {
  const script = buildScript();
  if (!checkOnly) {
    writeFileSync(target, script);
    return;
  }
  if (readFileSync(target, "utf8") !== script) {
    process.stderr.write(
      "db/04_create_consultation_tables.sql is stale: run `npm run db:build` and commit it.\n",
    );
    process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) run(process.argv.includes("--check"));
