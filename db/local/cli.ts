import { existsSync, fstatSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { DataFolderInUse, lockDataFolder } from "./data-lock.ts";
import { report } from "./quiet.ts";
import { startLocalSupabase } from "./start.ts";

const project = join(dirname(fileURLToPath(import.meta.url)), "../..");
const USAGE = `Usage: node db/local/cli.ts start [--port N] [--data DIR] [--demo] [--static DIR]
       node db/local/cli.ts reset [--data DIR]

start   runs the embedded Supabase until it is stopped; prints one line of JSON when it is ready
reset   removes its data
--port  where it listens on 127.0.0.1 (54321; 0 takes a free one)
--data  where the data stays between starts (.local in the project)
--demo  fills in an invented clinic on the first start
--static  a folder of built pages to serve under /patient/ (with --demo: out/patient, where it is built)`;

// Node would print a failed statement with its parameters.
process.on("uncaughtException", (error) => {
  report("The embedded Supabase has failed", error);
  process.exit(1);
});
await main();

async function main(): Promise<void> {
  const given = readArguments();
  if (given === null) return fail(USAGE);
  const { positionals, values } = given;
  const [command] = positionals;
  const dataDir = resolve(values.data);
  const port = Number(values.port);
  try {
    if (values.help) console.log(USAGE);
    else if (command === "start" && Number.isInteger(port)) {
      const built = join(project, "out/patient");
      const staticDir = values.static ?? (values.demo && existsSync(built) ? built : undefined);
      await start({ dataDir, port, demo: values.demo, ...(staticDir && { staticDir }) });
    } else if (command === "reset") reset(dataDir);
    else fail(USAGE);
  } catch (error) {
    if (error instanceof DataFolderInUse) fail(error.message);
    else if (error instanceof Error && "code" in error && error.code === "EADDRINUSE")
      fail(`Port ${port} is in use. Stop what listens there, or give another one with --port.`);
    else fail(`It could not start: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What was asked for; null where it cannot be understood. */
function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        port: { type: "string", default: "54321" },
        data: { type: "string", default: join(project, ".local") },
        demo: { type: "boolean", default: false },
        static: { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
  } catch {
    return null;
  }
}

async function start(options: {
  dataDir: string;
  port: number;
  demo: boolean;
  staticDir?: string;
}): Promise<void> {
  const backend = await startLocalSupabase(options);
  const { url, anonKey, serviceKey } = backend;
  console.log(JSON.stringify({ url, anonKey, serviceKey, dataDir: options.dataDir }));
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= backend.close().then(() => process.exit(0));
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  // A parent that dies takes its backend with it: its end of the pipe or channel closes.
  process.once("disconnect", stop);
  const input = fstatSync(0);
  if (input.isFIFO() || input.isSocket()) {
    process.stdin.once("end", stop);
    process.stdin.once("close", stop);
    process.stdin.resume();
  }
}

function reset(dataDir: string): void {
  if (!existsSync(dataDir)) return console.log(`Nothing to remove at ${dataDir}`);
  const unlock = lockDataFolder(dataDir);
  for (const part of ["database", "storage", "made-from.txt"])
    rmSync(join(dataDir, part), { recursive: true, force: true });
  unlock();
  console.log(`Removed the data at ${dataDir}`);
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
