import { afterEach, describe, expect, it } from "vitest";
import { startLocalSupabase, type LocalSupabase } from "./start.ts";
import { signIn, type Person } from "./testing/clients.ts";

const SCRIPT = `
create table notes (id int generated always as identity primary key, owner uuid not null default auth.uid(), body text);
alter table notes enable row level security;
grant select, insert on notes to authenticated;
create policy "own" on notes for all to authenticated using (owner = auth.uid()) with check (owner = auth.uid());`;

/** The WASM database answers in a microtask; one on a file system or a worker yields like this. */
const yieldOnce = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("requests of different people at the same time", () => {
  let backend: LocalSupabase;
  afterEach(() => backend.close());

  it("never see each other's rows", { timeout: 180_000 }, async () => {
    backend = await startLocalSupabase({ script: [SCRIPT], beforeQuery: yieldOnce });
    expect(await readInRounds(backend, 8)).toEqual({ own: 160, foreign: 0, failed: 0 });
  });

  it("do see them without the mutex, so the test above can fail", async () => {
    backend = await startLocalSupabase({ script: [SCRIPT], beforeQuery: yieldOnce, mutex: false });
    const { foreign } = await readInRounds(backend, 8);
    expect(foreign).toBeGreaterThan(0);
  });
});

const AT_ONCE = 20;

async function readInRounds(backend: LocalSupabase, rounds: number) {
  const people = [await signIn(backend, "a"), await signIn(backend, "b")];
  for (const { client } of people)
    for (const body of ["1", "2", "3"]) {
      const { error } = await client.from("notes").insert({ body });
      if (error) throw error;
    }
  const tally = { own: 0, foreign: 0, failed: 0 };
  for (let round = 0; round < rounds; round++) {
    const reads = Array.from({ length: AT_ONCE }, (_, at) => readAs(backend, people[at % 2]));
    for (const result of await Promise.all(reads)) tally[result]++;
  }
  return tally;
}

async function readAs(backend: LocalSupabase, person: Person | undefined) {
  const response = await fetch(`${backend.url}/rest/v1/notes?select=owner`, {
    headers: { apikey: backend.anonKey, authorization: `Bearer ${person?.token}` },
  });
  if (!response.ok) return "failed";
  const rows = (await response.json()) as { owner: string }[];
  if (rows.length === 3 && rows.every((row) => row.owner === person?.id)) return "own";
  return "foreign";
}
