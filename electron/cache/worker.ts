import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { checkTables, markDamaged } from "./damage.ts";
import { toCacheError } from "./cache-error.ts";
import type { FromWorker, ToWorker, WorkerStart } from "./protocol.ts";
import { reads } from "./reads.ts";
import { openForChecking, openForReading, openForWriting } from "./store.ts";
import { writes } from "./writes.ts";

// The entry of both worker threads: one writes, one reads; a third looks for damage and goes. Nothing else in the app opens SQLite.

type Statements = Record<string, (args: unknown) => unknown>;

/** Gives every statement its connection. The typed client is the only caller, so the names and arguments fit. */
function bind<Store>(
  statements: Record<string, (store: Store, args: never) => unknown>,
  store: Store,
): Statements {
  return Object.fromEntries(
    Object.entries(statements).map(([name, statement]) => [
      name,
      (args: unknown) => statement(store, args as never),
    ]),
  );
}

function start(
  options: WorkerStart,
  tell: (message: FromWorker) => void,
): { statements: Statements; close(): void } {
  if (options.role === "writer") {
    const { store, close } = openForWriting(options, (migrating) => tell({ migrating }));
    return { statements: bind(writes, store), close };
  }
  if (options.role === "checker") {
    const { store, close } = openForChecking(options);
    return { statements: bind({ check: checkTables }, store), close };
  }
  const { store, close } = openForReading(options);
  return { statements: bind(reads, store), close };
}

const attempt = (work: () => unknown): FromWorker => {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    const { code, message } = toCacheError(error, "cache");
    // The next open rebuilds the file, for this page will not mend.
    if (code === "corrupt") markDamaged((workerData as WorkerStart).folder);
    return { ok: false, code, message };
  }
};

function run(port: NonNullable<typeof parentPort>): void {
  let open: ReturnType<typeof start> | null = null;
  port.on("message", (message: ToWorker) => {
    if (message === "close") {
      port.postMessage(attempt(() => open?.close()));
      port.close();
      return;
    }
    port.postMessage(
      attempt(() => {
        if (message === "open") {
          open = start(workerData as WorkerStart, (progress) => port.postMessage(progress));
          return undefined;
        }
        const statement = open?.statements[message.call];
        if (statement === undefined) throw new Error(`no statement ${message.call}`);
        return statement(message.args);
      }),
    );
  });
}

if (!isMainThread && parentPort !== null) run(parentPort);
