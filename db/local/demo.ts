import { readFileSync } from "node:fs";
import { people } from "#db/seed/people.ts";
import { createUser } from "./auth/users.ts";
import type { Database } from "./database.ts";

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

/** The script that a clinic pastes into its project. */
export function clinicScript(): string {
  return read("04_create_consultation_tables.sql");
}

/**
 * Makes the accounts of the invented clinic, and then its records.
 *
 * To be called on every start: it leaves what is there, and moves today's
 * appointments to today.
 */
export async function seedDemo(database: Database): Promise<void> {
  await database.transaction(async (session) => {
    for (const { id, email, password, fullName } of people) {
      const known = await session.query("select from auth.users where id = $1", [id]);
      if (known.length > 0) continue;
      await createUser(session, { id, email, password, userMetadata: { full_name: fullName } });
    }
  });
  await database.script(`set demo.time_zone = '${timeZone()}'; ${read("seed/clinic.sql")}`);
}

function timeZone(): string {
  const { timeZone: zone } = Intl.DateTimeFormat().resolvedOptions();
  return /^[\w/+-]+$/.test(zone) ? zone : "UTC";
}
