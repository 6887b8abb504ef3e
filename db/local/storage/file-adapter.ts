import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import type { App } from "@supabase/lite";

export type StorageAdapter = NonNullable<App["_storageAdapter"]>;
type ObjectMetadata = Awaited<ReturnType<StorageAdapter["headObject"]>>;
type Body = Parameters<StorageAdapter["uploadObject"]>[3];

/**
 * Keeps the bytes of storage objects in a folder.
 *
 * Names are hashed, so that no object key can leave the folder, collide by
 * letter case, or be too long for the file system.
 */
export class FileAdapter implements StorageAdapter {
  readonly driver = "files";
  readonly #root: () => string;

  /** `root` is asked on first use: a test that stores nothing makes no folder. */
  constructor(root: () => string) {
    this.#root = root;
  }

  async uploadObject(
    bucket: string,
    key: string,
    _version: string | undefined,
    body: Body,
    mimetype: string,
    cacheControl: string,
  ): Promise<ObjectMetadata> {
    const file = this.#file(bucket, key);
    await mkdir(dirname(file), { recursive: true });
    const bytes = await bytesOf(body);
    const unfinished = `${file}.${randomUUID()}`;
    const handle = await open(unfinished, "w");
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const metadata: ObjectMetadata = {
      cacheControl,
      contentLength: bytes.length,
      size: bytes.length,
      mimetype,
      lastModified: new Date(),
      eTag: `"${createHash("md5").update(bytes).digest("hex")}"`,
      httpStatusCode: 200,
    };
    await writeFile(`${unfinished}.json`, JSON.stringify(metadata));
    await rename(unfinished, file);
    await rename(`${unfinished}.json`, `${file}.json`);
    return metadata;
  }

  async getObject(
    bucket: string,
    key: string,
    _version: string | undefined,
    headers?: { ifNoneMatch?: string },
  ): ReturnType<StorageAdapter["getObject"]> {
    const file = this.#file(bucket, key);
    const metadata = await readMetadata(file);
    if (headers?.ifNoneMatch === metadata.eTag) return { httpStatusCode: 304, metadata };
    const body: ReadableStream<Uint8Array> = Readable.toWeb(createReadStream(file));
    return { httpStatusCode: 200, metadata, body };
  }

  headObject(bucket: string, key: string): Promise<ObjectMetadata> {
    return readMetadata(this.#file(bucket, key));
  }

  async deleteObject(bucket: string, key: string): Promise<void> {
    const file = this.#file(bucket, key);
    await rm(file, { force: true });
    await rm(`${file}.json`, { force: true });
  }

  async deleteObjects(bucket: string, keys: string[]): Promise<void> {
    await Promise.all(keys.map((key) => this.deleteObject(bucket, key)));
  }

  async copyObject(
    bucket: string,
    key: string,
    _version: string | undefined,
    toBucket: string,
    toKey: string,
  ): ReturnType<StorageAdapter["copyObject"]> {
    const from = this.#file(bucket, key);
    const to = this.#file(toBucket, toKey);
    const metadata = { ...(await readMetadata(from)), lastModified: new Date() };
    await mkdir(dirname(to), { recursive: true });
    await copyFile(from, to);
    await writeFile(`${to}.json`, JSON.stringify(metadata));
    return { httpStatusCode: 200, eTag: metadata.eTag, lastModified: metadata.lastModified };
  }

  async privateAssetUrl(bucket: string, key: string): Promise<string> {
    return `file://${this.#file(bucket, key)}`;
  }

  #file(bucket: string, key: string): string {
    const hash = createHash("sha256").update(`${bucket}\0${key}`).digest("hex");
    return join(this.#root(), hash.slice(0, 2), hash);
  }
}

async function bytesOf(body: Body): Promise<Buffer> {
  if (body instanceof Uint8Array) return Buffer.from(body);
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function readMetadata(file: string): Promise<ObjectMetadata> {
  let text: string;
  try {
    text = await readFile(`${file}.json`, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      throw Object.assign(new Error("Object not found"), { code: "ENOENT", status: 404 });
    throw error;
  }
  const metadata: ObjectMetadata = JSON.parse(text);
  return metadata.lastModified
    ? { ...metadata, lastModified: new Date(metadata.lastModified) }
    : metadata;
}
