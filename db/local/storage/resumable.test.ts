import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startLocalSupabase, type LocalSupabase } from "../start.ts";
import { connect, signIn, type Person } from "../testing/clients.ts";
import { CHUNK_BYTES } from "./resumable.ts";

const SCRIPT = `
insert into storage.buckets (id, name, file_size_limit, allowed_mime_types)
  values ('recordings', 'recordings', 20000000, '{audio/webm}');
create policy "own read" on storage.objects for select to authenticated
  using (split_part(name, '/', 1) = (select auth.uid())::text);
create policy "own write" on storage.objects for insert to authenticated
  with check (split_part(name, '/', 1) = (select auth.uid())::text);`;

const folder = mkdtempSync(join(tmpdir(), "local-supabase-test-"));
const sound = Buffer.from(new Uint8Array(CHUNK_BYTES + 100_000).map((_, at) => at * 13));
let backend: LocalSupabase;
let owner: Person;
let other: Person;

beforeAll(async () => {
  backend = await startLocalSupabase({ dataDir: folder, script: [SCRIPT] });
  [owner, other] = [await signIn(backend, "owner"), await signIn(backend, "other")];
});
afterAll(async () => {
  await backend.close();
  rmSync(folder, { recursive: true, force: true });
});

function ask(
  method: string,
  url: string,
  person: Person,
  headers = {},
  body?: Buffer<ArrayBuffer>,
) {
  return fetch(url, {
    method,
    headers: {
      apikey: backend.anonKey,
      authorization: `Bearer ${person.token}`,
      "tus-resumable": "1.0.0",
      ...headers,
    },
    ...(body && { body }),
  });
}

function begin(name: string, { person = owner, length = sound.length, kind = "audio/webm" } = {}) {
  const metadata = { bucketName: "recordings", objectName: name, contentType: kind };
  return ask("POST", `${backend.url}/storage/v1/upload/resumable`, person, {
    "upload-length": String(length),
    "upload-metadata": Object.entries(metadata)
      .map(([key, value]) => `${key} ${Buffer.from(value).toString("base64")}`)
      .join(","),
  });
}

function send(url: string, offset: number, bytes: Buffer<ArrayBuffer>, person = owner) {
  return ask(
    "PATCH",
    url,
    person,
    { "upload-offset": String(offset), "content-type": "application/offset+octet-stream" },
    bytes,
  );
}

const part = (from: number, to?: number) => Buffer.from(Uint8Array.from(sound.subarray(from, to)));

describe("resumable uploads", () => {
  it("go on where they stopped, over a restart of the backend", async () => {
    const name = `${owner.id}/consultation.webm`;
    const created = await begin(name);
    expect(created.status).toBe(201);
    const url = created.headers.get("location") ?? "";
    const first = await send(url, 0, part(0, CHUNK_BYTES));
    expect([first.status, first.headers.get("upload-offset")]).toEqual([204, String(CHUNK_BYTES)]);

    const port = Number(new URL(backend.url).port);
    await backend.close();
    backend = await startLocalSupabase({ dataDir: folder, port, script: [SCRIPT] });
    const asked = await ask("HEAD", url, owner);
    expect([asked.status, asked.headers.get("upload-offset")]).toEqual([200, String(CHUNK_BYTES)]);
    expect((await send(url, CHUNK_BYTES, part(CHUNK_BYTES))).status).toBe(204);

    const { data } = await owner.client.storage.from("recordings").download(name);
    const stored = data && Buffer.from(await data.arrayBuffer());
    expect(stored?.equals(sound)).toBe(true);
    expect((await ask("HEAD", url, owner)).status).toBe(404);
  });

  it("refuse chunks of another size, at another place, or from someone else", async () => {
    const url = (await begin(`${owner.id}/strict.webm`)).headers.get("location") ?? "";
    expect((await send(url, 0, part(0, 1000))).status).toBe(400);
    expect((await send(url, 5, part(0, CHUNK_BYTES))).status).toBe(409);
    expect((await send(url, 0, part(0, CHUNK_BYTES), other)).status).toBe(404);
    expect((await ask("HEAD", url, owner)).headers.get("upload-offset")).toBe("0");
  });

  it("obey the policies, the bucket's kinds and its size before the first byte", async () => {
    expect((await begin(`${owner.id}/x.webm`, { person: other })).status).toBe(403);
    expect((await begin(`${owner.id}/x.webm`, { length: 20_000_001 })).status).toBe(413);
    expect((await begin(`${owner.id}/x.png`, { kind: "image/png" })).status).toBe(415);
    const left = await connect(backend, backend.serviceKey)
      .storage.from("recordings")
      .list(owner.id, { search: "x." });
    expect(left.data).toEqual([]);
  });

  it("can be given up", async () => {
    const url = (await begin(`${owner.id}/given-up.webm`)).headers.get("location") ?? "";
    expect((await ask("DELETE", url, owner)).status).toBe(204);
    expect((await ask("HEAD", url, owner)).status).toBe(404);
  });

  it("refuse a name that is taken", async () => {
    const name = `${owner.id}/taken.webm`;
    const url = (await begin(name, { length: 10 })).headers.get("location") ?? "";
    expect((await send(url, 0, part(0, 10))).status).toBe(204);
    expect((await begin(name)).status).toBe(409);
  });
});
