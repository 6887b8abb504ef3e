import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DataFolderInUse } from "./data-lock.ts";
import { startLocalSupabase, type LocalSupabase } from "./start.ts";
import { connect, signIn } from "./testing/clients.ts";

const SCRIPT = `
create table open_table (id int primary key);
create table closed_table (id int primary key);
create table revoked_table (id int primary key);
alter table open_table enable row level security;
alter table closed_table enable row level security;
alter table revoked_table enable row level security;
create policy "all" on open_table for select to authenticated using (true);
create policy "all" on closed_table for select to authenticated using (true);
create policy "all" on revoked_table for select to authenticated using (auth.uid() is not null);
grant select on open_table, revoked_table to authenticated;
revoke select on revoked_table from authenticated;
insert into open_table select generate_series(1, 1200);`;

describe("the rights of a project", () => {
  let backend: LocalSupabase;
  beforeAll(async () => {
    backend = await startLocalSupabase({ script: [SCRIPT] });
  });
  afterAll(() => backend.close());

  it("runs scripts as a postgres that is no superuser", async () => {
    const rows = await backend.sql(
      "select current_user as name, rolsuper, rolbypassrls from pg_roles where rolname = current_user",
    );
    expect(rows).toEqual([{ name: "postgres", rolsuper: false, rolbypassrls: true }]);
  });

  it("returns to the server's own role after a script that fails inside a transaction", async () => {
    await expect(backend.sql("begin; set role anon; select 1 / 0;")).rejects.toMatchObject({
      code: "22012",
    });
    const { client } = await signIn(backend, "a");
    expect((await client.from("open_table").select().limit(1)).data).toEqual([{ id: 1 }]);
  });

  it("grants a new table to nobody", async () => {
    const { client } = await signIn(backend, "a");
    expect((await client.from("open_table").select().limit(1)).error).toBeNull();
    expect((await client.from("closed_table").select()).error?.code).toBe("42501");
    const service = connect(backend, backend.serviceKey);
    expect((await service.from("closed_table").select()).error?.code).toBe("42501");
  });

  it("leaves what was revoked revoked", async () => {
    const { client } = await signIn(backend, "a");
    expect((await client.from("revoked_table").select()).error?.code).toBe("42501");
  });

  it.each([
    "create table realtime.mine (id int)",
    "create function auth.mine() returns int language sql as 'select 1'",
    "alter table storage.objects enable row level security",
    "alter table auth.users add column mine int",
    "create index mine on realtime.messages (event)",
    "drop function realtime.topic()",
    "drop trigger local_on_message on realtime.messages",
    "create trigger mine after insert on storage.objects for each row execute function tsvector_update_trigger()",
    "drop schema storage cascade",
    "create extension file_fdw",
    "copy (select 1) to program 'true'",
    "create role mine superuser",
  ])("refuses as hosted does: %s", async (sql) => {
    await expect(backend.sql(sql)).rejects.toMatchObject({ code: "42501" });
  });

  it("lets a script put policies on storage and realtime, and a trigger on auth.users", async () => {
    await backend.sql(`
      create policy "mine" on storage.objects for select to authenticated using (true);
      drop policy "mine" on storage.objects;
      create policy "mine" on realtime.messages for select to authenticated using (true);
      drop policy "mine" on realtime.messages;
      create function on_user() returns trigger language plpgsql security definer set search_path = '' as
        $$ begin return new; end $$;
      create trigger on_user after insert on auth.users for each row execute function on_user();
      drop trigger on_user on auth.users;
      insert into storage.buckets (id, name) values ('made-by-script', 'made-by-script');`);
    expect(await backend.sql("select name from storage.buckets")).toEqual([
      { name: "made-by-script" },
    ]);
  });

  it("shows a table that was made later at once", async () => {
    await backend.sql(
      "create table late_table (id int primary key); grant select on late_table to anon;",
    );
    const { data, error } = await connect(backend, backend.anonKey).from("late_table").select();
    expect({ data, error }).toEqual({ data: [], error: null });
  });

  it("answers with at most 1,000 rows", async () => {
    const { client } = await signIn(backend, "a");
    const { data } = await client.from("open_table").select();
    expect(data).toHaveLength(1000);
  });
});

describe("without the corrected grants", () => {
  it("everything is open again, so the tests above can fail", async () => {
    const backend = await startLocalSupabase({ script: [SCRIPT], fixGrants: false });
    const { client } = await signIn(backend, "a");
    const revoked = await client.from("revoked_table").select();
    const closed = await client.from("closed_table").select();
    await backend.close();
    expect([closed.error, revoked.error]).toEqual([null, null]);
  });
});

describe("keys", () => {
  let backend: LocalSupabase;
  beforeAll(async () => {
    backend = await startLocalSupabase({
      script: ["create function who() returns text language sql as 'select auth.role()'"],
    });
  });
  afterAll(() => backend.close());

  const who = async (key: string) => {
    const { data, error } = await connect(backend, key).rpc("who");
    return data ?? error?.message;
  };

  it("have hosted's shapes", () => {
    expect(backend.anonKey).toMatch(/^sb_publishable_\w{22}_\w{8}$/);
    expect(backend.serviceKey).toMatch(/^sb_secret_\w{22}_\w{8}$/);
    expect(backend.legacyAnonKey.split(".")).toHaveLength(3);
  });

  it("say who comes: publishable, secret, and the older anon JWT", async () => {
    expect(await who(backend.anonKey)).toBe("anon");
    expect(await who(backend.serviceKey)).toBe("service_role");
    expect(await who(backend.legacyAnonKey)).toBe("anon");
  });

  it("are refused where wrong, missing, or signed by someone else", async () => {
    expect(await who("sb_publishable_wrong")).toBe("Invalid API key");
    const [header, payload] = backend.legacyAnonKey.split(".");
    expect(await who(`${header}.${payload}.AAAA`)).toBe("Invalid API key");
    const none = await fetch(`${backend.url}/rest/v1/rpc/who`, { method: "POST" });
    expect(none.status).toBe(401);
  });

  it("are not needed for the health route, nor for a preflight", async () => {
    expect((await fetch(`${backend.url}/health`)).status).toBe(200);
    const preflight = await fetch(`${backend.url}/rest/v1/rpc/who`, {
      method: "OPTIONS",
      headers: { origin: "app://consulting-room", "access-control-request-method": "POST" },
    });
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
  });
});

describe("a data folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "local-supabase-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const script = [
    "create table kept (body text primary key); grant select, insert on kept to authenticated;",
  ];

  it("keeps rows, files and sessions over a stop and a start on the same port", async () => {
    const first = await startLocalSupabase({ dataDir: folder, script });
    const port = Number(new URL(first.url).port);
    const { client } = await signIn(first, "a");
    await client.from("kept").insert({ body: "before" });
    const service = connect(first, first.serviceKey);
    await service.storage.createBucket("b");
    await service.storage.from("b").upload("f.txt", new Blob(["bytes"]));
    await first.close();
    expect((await client.from("kept").select()).error?.message).toMatch(/fetch failed/);

    const second = await startLocalSupabase({ dataDir: folder, port, script });
    await client.from("kept").insert({ body: "after" });
    expect((await client.from("kept").select().order("body")).data).toEqual([
      { body: "after" },
      { body: "before" },
    ]);
    const file = await service.storage.from("b").download("f.txt");
    expect(await file.data?.text()).toBe("bytes");
    await second.close();
  });

  it("is brought up to date when the scripts have changed", async () => {
    const changed = [...script, "create table added (id int); grant select on added to anon;"];
    const again = script.map((text) => text.replace("create table", "create table if not exists"));
    const backend = await startLocalSupabase({
      dataDir: folder,
      script: [...again, ...changed.slice(-1)],
    });
    const anon = connect(backend, backend.anonKey);
    expect((await anon.from("added").select()).error).toBeNull();
    expect(await backend.sql("select count(*)::int as n from kept")).toEqual([{ n: 2 }]);
    await backend.close();
  });

  it("that was never finished is made anew", async () => {
    const unfinished = join(folder, "unfinished");
    mkdirSync(join(unfinished, "database"), { recursive: true });
    writeFileSync(join(unfinished, "database", "PG_VERSION"), "17");
    const backend = await startLocalSupabase({ dataDir: unfinished, script });
    expect(await backend.sql("select * from kept")).toEqual([]);
    await backend.close();
  });

  it("is made anew after a script that failed, once the script is right", async () => {
    const dataDir = join(folder, "failed");
    const wrong = [...script, "select 1 / 0"];
    await expect(startLocalSupabase({ dataDir, script: wrong })).rejects.toMatchObject({
      code: "22012",
    });
    const backend = await startLocalSupabase({ dataDir, script });
    expect(await backend.sql("select * from kept")).toEqual([]);
    await backend.close();
  });

  it("belongs to one backend at a time", async () => {
    const first = await startLocalSupabase({ dataDir: join(folder, "locked"), script });
    await expect(startLocalSupabase({ dataDir: join(folder, "locked"), script })).rejects.toThrow(
      DataFolderInUse,
    );
    await first.close();
    const again = await startLocalSupabase({ dataDir: join(folder, "locked"), script });
    await again.close();
  });
});
