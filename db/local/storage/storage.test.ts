import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startLocalSupabase, type LocalSupabase } from "../start.ts";
import { connect, pause, signIn, type Person } from "../testing/clients.ts";

const SCRIPT = `
insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
  values ('recordings', 'recordings', false, 5000000, '{audio/webm,text/plain}');
create policy "own read" on storage.objects for select to authenticated
  using (bucket_id = 'recordings' and split_part(name, '/', 1) = (select auth.uid())::text);
create policy "own write" on storage.objects for insert to authenticated
  with check (bucket_id = 'recordings' and split_part(name, '/', 1) = (select auth.uid())::text);
create policy "own change" on storage.objects for update to authenticated
  using (bucket_id = 'recordings' and owner_id = (select auth.uid())::text);
create policy "own removal" on storage.objects for delete to authenticated
  using (bucket_id = 'recordings' and owner_id = (select auth.uid())::text);`;

let backend: LocalSupabase;
let owner: Person;
let other: Person;

beforeAll(async () => {
  backend = await startLocalSupabase({ script: [SCRIPT] });
  [owner, other] = [await signIn(backend, "owner"), await signIn(backend, "other")];
});
afterAll(() => backend.close());

const sound = new Uint8Array(1_000_000).map((_, at) => at * 7);
const webm = (bytes: Uint8Array<ArrayBuffer> | string = sound) =>
  new Blob([bytes], { type: "audio/webm" });
const bucketOf = (person: Person) => person.client.storage.from("recordings");
const path = (name: string) => `${owner.id}/${name}`;

async function put(name: string, body: Blob = webm()): Promise<string> {
  const { error } = await bucketOf(owner).upload(path(name), body, { contentType: "audio/webm" });
  if (error) throw error;
  return path(name);
}

async function bytesAt(file: string, person = owner): Promise<Uint8Array | null> {
  const { data } = await bucketOf(person).download(file);
  return data && new Uint8Array(await data.arrayBuffer());
}

describe("upload and download", () => {
  it("bring back the same bytes, of a Blob and of raw bytes", async () => {
    const file = await put("c1/a.webm");
    expect(Buffer.compare((await bytesAt(file)) ?? new Uint8Array(), sound)).toBe(0);
    const text = path("c1/b.txt");
    await bucketOf(owner).upload(text, Buffer.from("hello"), { contentType: "text/plain" });
    expect((await bucketOf(owner).download(text)).data?.type).toBe("text/plain");
    expect(Buffer.from((await bytesAt(text)) ?? []).toString()).toBe("hello");
  });

  it("refuse a second upload, and replace where asked to", async () => {
    const file = await put("twice.webm", webm("1"));
    const again = await bucketOf(owner).upload(file, webm("2"));
    expect(again.error).toMatchObject({ statusCode: "409" });
    expect((await bucketOf(owner).upload(file, webm("2"), { upsert: true })).error).toBeNull();
    expect(Buffer.from((await bytesAt(file)) ?? []).toString()).toBe("2");
  });

  it("obey the policies on storage.objects", async () => {
    const file = await put("private.webm", webm("x"));
    expect(await bytesAt(file, other)).toBeNull();
    expect((await bucketOf(other).upload(path("intruder.webm"), webm("x"))).error).not.toBeNull();
    const anon = connect(backend, backend.anonKey).storage.from("recordings");
    expect((await anon.upload(path("anon.webm"), webm("x"))).error).not.toBeNull();
    expect((await anon.download(file)).error).not.toBeNull();
  });

  it("obey the bucket's kinds and size", async () => {
    const picture = new Blob(["x"], { type: "image/png" });
    expect((await bucketOf(owner).upload(path("x.png"), picture)).error).not.toBeNull();
    const large = webm(new Uint8Array(6_000_000));
    expect((await bucketOf(owner).upload(path("large.webm"), large)).error).not.toBeNull();
  });

  it("let nobody but the secret key make buckets", async () => {
    expect((await owner.client.storage.createBucket("mine")).error).not.toBeNull();
    const service = connect(backend, backend.serviceKey);
    expect((await service.storage.createBucket("made")).error).toBeNull();
  });

  it("let no key climb out of the folder", async () => {
    const climbing = await fetch(
      `${backend.url}/storage/v1/object/recordings/${owner.id}/..%2F..%2F..%2Fetc%2Fpasswd`,
      { headers: { apikey: backend.anonKey, authorization: `Bearer ${owner.token}` } },
    );
    expect(climbing.status).toBeGreaterThanOrEqual(400);
  });
});

describe("signed addresses", () => {
  it("work without a key, in ranges too, and end as 400", async () => {
    const file = await put("signed.webm");
    const { data, error } = await bucketOf(owner).createSignedUrl(file, 4);
    expect(error).toBeNull();
    const url = data?.signedUrl ?? "";
    const whole = await fetch(url);
    expect([whole.status, whole.headers.get("content-type")]).toEqual([200, "audio/webm"]);
    expect((await whole.arrayBuffer()).byteLength).toBe(sound.length);
    const part = await fetch(url, { headers: { range: "bytes=10-19" } });
    expect([part.status, part.headers.get("content-range")]).toEqual([
      206,
      `bytes 10-19/${sound.length}`,
    ]);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(Buffer.from(sound.slice(10, 20)));
    const beyond = await fetch(url, { headers: { range: `bytes=${sound.length}-` } });
    expect(beyond.status).toBe(416);
    await pause(5100);
    expect((await fetch(url)).status).toBe(400);
  });

  it("are given to nobody who may not read, and one by one in a list", async () => {
    const file = await put("listed.webm", webm("x"));
    expect((await bucketOf(other).createSignedUrl(file, 60)).error).not.toBeNull();
    const { data } = await bucketOf(owner).createSignedUrls([file, path("none")], 60);
    expect(data?.map((entry) => entry.error === null)).toEqual([true, false]);
    expect((await fetch(data?.[0]?.signedUrl ?? "")).status).toBe(200);
  });

  it("take an upload from someone without rights of his own", async () => {
    const { data } = await bucketOf(owner).createSignedUploadUrl(path("handed-over.webm"));
    const anon = connect(backend, backend.anonKey).storage.from("recordings");
    const upload = await anon.uploadToSignedUrl(data?.path ?? "", data?.token ?? "", webm("abc"));
    expect(upload.error).toBeNull();
    expect(Buffer.from((await bytesAt(path("handed-over.webm"))) ?? []).toString()).toBe("abc");
  });
});

describe("list, move, copy, remove", () => {
  it("list one folder level, with names relative to it", async () => {
    await put("tree/b.webm", webm("x"));
    await put("tree/a.webm", webm("x"));
    await put("tree/deep/c.webm", webm("x"));
    const { data } = await bucketOf(owner).list(path("tree"), {
      sortBy: { column: "name", order: "asc" },
    });
    expect(data?.map(({ name, id }) => [name, id === null])).toEqual([
      ["a.webm", false],
      ["b.webm", false],
      ["deep", true],
    ]);
    const found = await bucketOf(owner).list(path("tree"), { search: "b" });
    expect(found.data?.map(({ name }) => name)).toEqual(["b.webm"]);
    expect((await bucketOf(other).list(path("tree"))).data).toEqual([]);
  });

  it("move, copy and describe", async () => {
    const file = await put("from.webm", webm("x"));
    expect((await bucketOf(owner).move(file, path("to.webm"))).error).toBeNull();
    expect((await bucketOf(owner).copy(path("to.webm"), path("copy.webm"))).error).toBeNull();
    expect(Buffer.from((await bytesAt(path("copy.webm"))) ?? []).toString()).toBe("x");
    expect((await bucketOf(owner).info(path("to.webm"))).data?.size).toBe(1);
    expect((await bucketOf(owner).exists(file)).data).toBe(false);
  });

  it("remove only one's own", async () => {
    const file = await put("gone.webm", webm("x"));
    expect((await bucketOf(other).remove([file])).data).toEqual([]);
    expect((await bucketOf(owner).remove([file])).data).toHaveLength(1);
    expect(await bytesAt(file)).toBeNull();
  });
});
