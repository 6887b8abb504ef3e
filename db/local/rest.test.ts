import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { statusOf } from "./rest.ts";
import { startLocalSupabase, type LocalSupabase } from "./start.ts";
import { connect, signIn, type Person } from "./testing/clients.ts";

const SCRIPT = `
create type kind as enum ('text', 'system');
create table things (
  id uuid primary key default gen_random_uuid(),
  owner uuid not null default auth.uid() references auth.users (id),
  title text not null check (char_length(btrim(title)) between 1 and 20),
  kind kind not null default 'text',
  label text unique,
  amount numeric(20, 4),
  big bigint,
  at timestamptz,
  plain timestamp
);
alter table things enable row level security;
grant select, insert on things to authenticated, anon;
create policy "own" on things for all to authenticated using (owner = auth.uid()) with check (owner = auth.uid());
create table shut (id int);
create function fail_with(code text) returns void language plpgsql as $$
begin raise exception 'it failed' using errcode = code, detail = 'because', hint = 'do this'; end $$;
create function as_json() returns jsonb language sql stable as $$ select jsonb_build_object('a', jsonb_build_array(1, 'two')) $$;
create function as_row() returns things language sql stable as $$ select * from things limit 1 $$;
create function me() returns jsonb language sql stable as $$
  select jsonb_build_object('uid', auth.uid(), 'role', auth.role(), 'email', auth.email(),
    'name', auth.jwt() -> 'user_metadata' ->> 'full_name', 'user', current_user)
$$;
create function hidden() returns int language sql as $$ select 1 $$;
revoke execute on function hidden() from public;`;

let backend: LocalSupabase;
let person: Person;

beforeAll(async () => {
  backend = await startLocalSupabase({ script: [SCRIPT] });
  person = await signIn(backend, "doctor");
});
afterAll(() => backend.close());

const insert = (values: object) => person.client.from("things").insert(values).select().single();

describe("errors", () => {
  it.each([
    ["a CHECK", () => insert({ title: " " }), "23514", 400],
    ["NOT NULL", () => insert({ kind: "text" }), "23502", 400],
    ["a wrong enum", () => insert({ title: "x", kind: "zzz" }), "22P02", 400],
    ["row security", () => insert({ title: "x", owner: crypto.randomUUID() }), "42501", 403],
    ["a table without a grant", () => person.client.from("shut").select(), "42501", 403],
    ["a function without a grant", () => person.client.rpc("hidden"), "42501", 403],
    ["a table that is not there", () => person.client.from("nope").select(), "PGRST205", 404],
    ["a function that is not there", () => person.client.rpc("nope"), "PGRST202", 404],
    ["a column that is not there", () => person.client.from("things").select("nope"), "42703", 400],
    [
      "no row for single()",
      () => person.client.from("things").select().eq("title", "none").single(),
      "PGRST116",
      406,
    ],
    ["the auth schema", () => person.client.schema("auth").from("users").select(), "PGRST106", 406],
    [
      "the storage schema",
      () => person.client.schema("storage").from("objects").select(),
      "PGRST106",
      406,
    ],
    ["RAISE", () => person.client.rpc("fail_with", { code: "P0001" }), "P0001", 400],
    ["RAISE no_data_found", () => person.client.rpc("fail_with", { code: "P0002" }), "P0002", 500],
    ["an own SQLSTATE", () => person.client.rpc("fail_with", { code: "CR001" }), "CR001", 400],
    ["an invalid value", () => person.client.rpc("fail_with", { code: "22023" }), "22023", 400],
    ["a refusal", () => person.client.rpc("fail_with", { code: "42501" }), "42501", 403],
    ["PT403", () => person.client.rpc("fail_with", { code: "PT403" }), "PT403", 403],
  ])("of %s carry their own code and status", async (_, ask, code, status) => {
    const answer = await ask();
    expect({ code: answer.error?.code, status: answer.status }).toEqual({ code, status });
  });

  it("of a UNIQUE are a conflict", async () => {
    await insert({ title: "x", label: "same" });
    const again = await insert({ title: "x", label: "same" });
    expect([again.error?.code, again.status]).toEqual(["23505", 409]);
  });

  it("carry message, detail and hint", async () => {
    const { error } = await person.client.rpc("fail_with", { code: "CR002" });
    expect(error).toMatchObject({ message: "it failed", details: "because", hint: "do this" });
  });

  it("of somebody who is not signed in are 401", async () => {
    const anon = connect(backend, backend.anonKey);
    const answer = await anon.from("shut").select();
    expect([answer.error?.code, answer.status]).toEqual(["42501", 401]);
    const raised = await anon.rpc("fail_with", { code: "42501" });
    expect([raised.error?.code, raised.status]).toEqual(["42501", 401]);
  });

  it("never reach the log, nor do the words of the statement", async () => {
    const printed: string[] = [];
    const spies = ([process.stdout, process.stderr] as const).map((stream) =>
      vi.spyOn(stream, "write").mockImplementation((text) => {
        printed.push(String(text));
        return true;
      }),
    );
    const consoles = (["log", "info", "warn", "error"] as const).map((method) =>
      vi.spyOn(console, method).mockImplementation((...parts: unknown[]) => {
        printed.push(parts.map(String).join(" "));
      }),
    );
    await insert({ title: "the patient's own words, far too long for it" });
    await person.client.rpc("fail_with", { code: "XX000" });
    await person.client.from("things").select("nope");
    for (const spy of [...spies, ...consoles]) spy.mockRestore();
    expect(printed).toEqual([]);
  });
});

describe("values", () => {
  it("have PostgREST's forms", async () => {
    const { data } = await insert({
      title: "x",
      amount: "1234.5",
      big: 42,
      at: "2024-01-02T03:04:05.123456+00:00",
      plain: "2024-01-02T03:04:05",
    });
    expect(data).toMatchObject({
      amount: 1234.5,
      big: 42,
      at: "2024-01-02T03:04:05.123456+00:00",
      plain: "2024-01-02T03:04:05",
    });
  });
});

describe("functions", () => {
  it("return JSON as JSON and a row as an object", async () => {
    expect((await person.client.rpc("as_json")).data).toEqual({ a: [1, "two"] });
    await insert({ title: "row" });
    expect((await person.client.rpc("as_row")).data).toHaveProperty("title");
  });

  it("know who calls", async () => {
    const { data } = await person.client.rpc("me");
    expect(data).toMatchObject({
      uid: person.id,
      role: "authenticated",
      user: "authenticated",
      name: "doctor",
    });
    expect(data.email).toMatch(/@example\.org$/);
  });
});

describe("statusOf", () => {
  it.each([
    ["23503", 409],
    ["25006", 405],
    ["53300", 503],
    ["57014", 500],
    ["42P17", 500],
    ["PT418", 418],
    ["ZZ999", 400],
  ])("gives %s PostgREST's status", (code, status) => {
    expect(statusOf(code, true)).toBe(status);
  });
});
