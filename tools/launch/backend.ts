import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { root } from "./root.ts";

/** The embedded Supabase as a child process. */
export type Backend = {
  url: string;
  anonKey: string;
  /** Where the patient page is served. */
  patientUrl: string;
  close(): Promise<void>;
};

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
  const ready = new Promise<{ url: string; anonKey: string }>((done) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith("{")) done(JSON.parse(line));
    });
  });
  const first = await Promise.race([
    ready,
    exited.then((code) => {
      throw new Error(`The embedded Supabase ended with ${code} before it was ready.`);
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
  return {
    url: first.url,
    anonKey: first.anonKey,
    patientUrl: `${first.url}/patient/`,
    close: async () => {
      child.kill("SIGTERM");
      await exited;
    },
  };
}
