import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openCache, type Cache } from "#electron/cache/cache.ts";
import { CacheError } from "#electron/cache/cache-error.ts";
import { openForReading } from "#electron/cache/store.ts";
import type { Reading } from "#electron/cache/stores.ts";
import type { UserId } from "#shared/model/ids.ts";
import { startSync, type SyncEngine } from "../engine.ts";
import type { Remote } from "../remote-port.ts";

const workerUrl = new URL("../../cache/worker.ts", import.meta.url);
const ignore = (): void => {};
const newFolder = (): string => mkdtempSync(join(tmpdir(), "sync-model-"));

/** The real engine on the real files and worker threads, which can die and start again. */
export class DiskClient {
  readonly bugs: unknown[] = [];
  kills = 0;
  readonly #userId: UserId;
  readonly #makeRemote: () => Remote;
  readonly #key = randomBytes(32);
  #folder = newFolder();
  #cache: Cache | null = null;
  #engine: SyncEngine | null = null;

  constructor(userId: UserId, makeRemote: () => Remote) {
    this.#userId = userId;
    this.#makeRemote = makeRemote;
  }

  get #options() {
    return { folder: this.#folder, userId: this.#userId, key: this.#key, workerUrl };
  }

  async start(): Promise<void> {
    if (this.#engine !== null) return;
    this.#cache = await openCache(this.#options);
    this.#engine = startSync({
      cache: this.#cache,
      remote: this.#makeRemote(),
      pageSize: 5,
      pollMs: 400,
      settleMs: 50,
      waitMs: () => 20,
      events: {
        onState: ignore,
        onAppointments: ignore,
        onSession: ignore,
        onMessages: ignore,
        onBug: (error) => this.bugs.push(error),
      },
    });
  }

  /** The files as they lie at this moment are what the next process finds. */
  async kill(): Promise<void> {
    if (this.#engine === null) return;
    const next = newFolder();
    this.look(({ cache, outbox }) => {
      // A reader keeps the log from being emptied, so that file and log are copied as one moment.
      for (const db of [cache, outbox]) {
        db.prepare("begin").run();
        db.prepare("select count(*) from sqlite_schema").get();
      }
      for (const name of readdirSync(this.#folder)) {
        if (name.endsWith("-shm")) continue;
        // Not by `copyFile`: on Linux it never ends where the file becomes shorter meanwhile.
        writeFileSync(join(next, name), readFileSync(join(this.#folder, name)));
      }
    });
    await this.#stop();
    rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = next;
    this.kills += 1;
  }

  /** Lets the engine work until it rests, or for so long. */
  async flow(ms = 10_000): Promise<void> {
    await Promise.race([this.#engine?.now(), sleep(ms)]);
  }

  /** What the person at the screen does; false where it is turned down, or the app is not there. */
  async person(work: (cache: Cache) => Promise<unknown>): Promise<boolean> {
    if (this.#cache === null || this.#engine === null) return false;
    try {
      await work(this.#cache);
    } catch (error) {
      if (error instanceof CacheError && error.code !== "unexpected") return false;
      throw error;
    }
    this.#engine.outboxChanged();
    return true;
  }

  /** Looks into the files past the app. */
  look<T>(read: (store: Reading) => T): T {
    const { store, close } = openForReading(this.#options);
    try {
      return read(store);
    } finally {
      close();
    }
  }

  async #stop(): Promise<void> {
    await this.#engine?.stop();
    await this.#cache?.close();
    this.#engine = null;
    this.#cache = null;
  }

  async close(): Promise<void> {
    await this.#stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
