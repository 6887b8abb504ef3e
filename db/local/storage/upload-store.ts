import { appendFile, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** One resumable upload, from its creation until its last byte. */
export type Upload = {
  id: string;
  bucket: string;
  name: string;
  contentType: string;
  cacheControl: string;
  upsert: boolean;
  length: number;
  /** Who began it: nobody else may go on with it. */
  owner: string;
  expiresAt: number;
};

/** Keeps unfinished uploads in a folder, so that they can be resumed after a restart. */
export class UploadStore {
  readonly #root: () => string;

  constructor(root: () => string) {
    this.#root = root;
  }

  async create(upload: Upload): Promise<void> {
    await mkdir(this.#folder(), { recursive: true });
    await writeFile(this.#file(upload.id, "part"), "");
    await writeFile(this.#file(upload.id, "json"), JSON.stringify(upload));
  }

  async find(id: string): Promise<{ upload: Upload; offset: number } | null> {
    if (!/^[0-9a-f-]{36}$/.test(id)) return null;
    try {
      const upload: Upload = JSON.parse(await readFile(this.#file(id, "json"), "utf8"));
      if (upload.expiresAt < Date.now()) {
        await this.remove(id);
        return null;
      }
      return { upload, offset: (await stat(this.#file(id, "part"))).size };
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
      throw error;
    }
  }

  append(id: string, bytes: Buffer): Promise<void> {
    return appendFile(this.#file(id, "part"), bytes);
  }

  read(id: string): Promise<Buffer<ArrayBuffer>> {
    return readFile(this.#file(id, "part")) as Promise<Buffer<ArrayBuffer>>;
  }

  async remove(id: string): Promise<void> {
    await rm(this.#file(id, "json"), { force: true });
    await rm(this.#file(id, "part"), { force: true });
  }

  #folder(): string {
    return join(this.#root(), "uploads");
  }

  #file(id: string, kind: "json" | "part"): string {
    return join(this.#folder(), `${id}.${kind}`);
  }
}
