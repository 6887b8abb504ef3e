import { Worker } from "node:worker_threads";
import { CacheError } from "./cache-error.ts";
import type { MigrationProgress } from "./migrate.ts";
import type { FromWorker, ToWorker, WorkerStart } from "./protocol.ts";

type Call = {
  message: ToWorker;
  urgent: boolean;
  resolve(value: unknown): void;
  reject(error: CacheError): void;
};

/**
 * One worker thread, and the calls that wait for it. Only one call is inside the thread at a time:
 * the others wait here, where they can be cancelled and where urgent ones overtake.
 */
export class WorkerClient {
  readonly #worker: Worker;
  readonly #waiting: Call[] = [];
  #running: Call | null = null;
  #ended: CacheError | null = null;
  #closing: Promise<void> | null = null;
  readonly #exited: Promise<void>;

  /** Starts the thread. Its files are opened by `open`: threads take longer to start than files to open. */
  constructor(
    url: URL,
    start: WorkerStart,
    onMigrating: (progress: MigrationProgress) => void = () => {},
  ) {
    this.#worker = new Worker(url, {
      workerData: start,
      execArgv: [],
      name: `cache-${start.role}`,
    });
    this.#worker.on("message", (answer: FromWorker) => {
      if ("migrating" in answer) onMigrating(answer.migrating);
      else this.#settle(answer);
    });
    this.#worker.on("error", (error) =>
      this.#end(
        new CacheError("unexpected", `worker: ${error instanceof Error ? error.name : ""}`),
      ),
    );
    this.#exited = new Promise((resolve) => {
      this.#worker.on("exit", () => {
        this.#end(new CacheError("closed", "the local store is closed"));
        resolve();
      });
    });
  }

  /** Opens the thread's files; rejects with a CacheError when they cannot be opened. */
  async open(): Promise<void> {
    await new Promise<unknown>((resolve, reject) => {
      this.#enqueue({ message: "open", urgent: true, resolve, reject });
    });
  }

  /** Calls a statement. An aborted signal rejects with `cancelled` at once; a write that has begun still ends. */
  call(name: string, args: unknown, signal?: AbortSignal, urgent = false): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null || this.#closing !== null) {
        reject(this.#ended ?? new CacheError("closed", "the local store is closed"));
        return;
      }
      if (signal?.aborted === true) {
        reject(new CacheError("cancelled", "the call was cancelled"));
        return;
      }
      const call: Call = { message: { call: name, args }, urgent, resolve, reject };
      if (signal !== undefined) {
        const cancel = (): void => {
          const at = this.#waiting.indexOf(call);
          if (at !== -1) this.#waiting.splice(at, 1);
          reject(new CacheError("cancelled", "the call was cancelled"));
        };
        signal.addEventListener("abort", cancel, { once: true });
        const settled = (): void => signal.removeEventListener("abort", cancel);
        call.resolve = (value) => (settled(), resolve(value));
        call.reject = (error) => (settled(), reject(error));
      }
      this.#enqueue(call);
    });
  }

  /** Ends the thread after every call that was made before. Can be called twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Ends the thread now, in the middle of whatever it does. Only for a thread that writes nothing. */
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  async #close(): Promise<void> {
    if (this.#ended === null) {
      await new Promise<unknown>((resolve, reject) => {
        this.#waiting.push({ message: "close", urgent: false, resolve, reject });
        this.#next();
      }).catch(() => this.#worker.terminate());
    }
    await this.#exited;
  }

  #enqueue(call: Call): void {
    const at = call.urgent ? this.#waiting.findIndex((other) => !other.urgent) : -1;
    if (at === -1) this.#waiting.push(call);
    else this.#waiting.splice(at, 0, call);
    this.#next();
  }

  #next(): void {
    if (this.#running !== null) return;
    this.#running = this.#waiting.shift() ?? null;
    if (this.#running !== null) this.#worker.postMessage(this.#running.message);
  }

  #settle(answer: Exclude<FromWorker, { migrating: unknown }>): void {
    const call = this.#running;
    this.#running = null;
    if (answer.ok) call?.resolve(answer.value);
    else call?.reject(new CacheError(answer.code, answer.message));
    this.#next();
  }

  #end(error: CacheError): void {
    this.#ended ??= error;
    for (const call of [this.#running, ...this.#waiting.splice(0)]) call?.reject(this.#ended);
    this.#running = null;
  }
}
