import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { root } from "./root.ts";

/** The embedded Supabase as a child process. */
export type Backend = {
  url: string;
  anonKey: string;
  /** The key that sees everything: for looking into the database from outside. */
  serviceKey: string;
  /** Where the patient page is served. */
  patientUrl: string;
  close(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
};

type Started = Pick<Backend, "url" | "anonKey" | "serviceKey">;

const START_TIMEOUT_MS = 120_000;

/**
 * Starts the embedded Supabase with the invented clinic.
 * `dataDir` is kept between starts; `port` 0 takes any free one.
 */
export async function startBackend(options: { dataDir: string; port: number }): Promise<Backend> {
  const child = spawn(
    process.execPath,
    [
      join(root, "db", "local", "cli.ts"),
      "start",
      "--demo",
      `--data=${options.dataDir}`,
      `--port=${options.port}`,
      `--static=${join(root, "out", "patient")}`,
    ],
    { cwd: root, stdio: ["pipe", "pipe", "inherit"] },
  );
  const exited = new Promise<number>((done) => child.once("exit", (code) => done(code ?? 1)));
  const ready = new Promise<Started>((done) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith("{")) done(JSON.parse(line));
    });
  });
  const first = await Promise.race([
    ready,
    exited.then((code) => {
      throw new Error(
        `The embedded Supabase ended with ${code} before it was ready; why stands above. If it is open from another terminal, end it there first.`,
      );
    }),
    new Promise<never>((_, fail) => {
      setTimeout(
        () => fail(new Error("The embedded Supabase was not ready in two minutes.")),
        START_TIMEOUT_MS,
      ).unref();
    }),
  ]).catch((error: unknown) => {
    child.kill();
    throw error;
  });
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
  };
  return {
    url: first.url,
    anonKey: first.anonKey,
    serviceKey: first.serviceKey,
    patientUrl: `${first.url}/patient/`,
    close: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}
