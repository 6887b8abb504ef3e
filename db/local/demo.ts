import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { createUser } from "./auth/users.ts";
import type { Database } from "./database.ts";

const fileOf = (path: string) => new URL(`../${path}`, import.meta.url);
const person = z.object({
  id: z.uuid(),
  email: z.email(),
  password: z.string(),
  fullName: z.string(),
  role: z.string(),
});

/** The script that a clinic pastes into its project. */
export function clinicScript(): string {
  return readFileSync(fileOf("04_create_consultation_tables.sql"), "utf8");
}

/** Makes the people of the invented clinic and then its records; once per data folder. */
export async function seedDemo(database: Database): Promise<void> {
  await database.turn((session) =>
    session.exec("create table if not exists _local.marks (name text primary key)"),
  );
  const done = await database.query("select from _local.marks where name = 'demo'");
  if (done.length > 0) return;
  const module = (await import(fileOf("seed/people.ts").href)) as Record<string, unknown>;
  const people = z.array(person).parse(module.people);
  await database.transaction(async (session) => {
    for (const { id, email, password, fullName } of people) {
      const known = await session.query("select from auth.users where id = $1", [id]);
      if (known.length === 0)
        await createUser(session, {
          id,
          email,
          password,
          userMetadata: { full_name: fullName },
        });
    }
  });
  const records = fileOf("seed/clinic.sql");
  if (existsSync(records)) await database.script(readFileSync(records, "utf8"));
  await database.query("insert into _local.marks values ('demo')");
}
