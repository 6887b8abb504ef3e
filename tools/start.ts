import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DEMO_DOCTOR, DEMO_PASSWORD, DEMO_PATIENT } from "#db/seed/people.ts";
import { startBackend, type Backend } from "./launch/backend.ts";
import { ensureBuilt } from "./launch/build.ts";
import { findElectronRuntime } from "./launch/electron-runtime.ts";
import { readProject } from "./launch/env-file.ts";
import { root } from "./launch/root.ts";

const HELP = `npm start                 the workstation; on the embedded demo clinic unless .env names a project
npm start -- --tour       the guided tour: the whole main job, driven and photographed into out/tour/
npm start -- --demo       the embedded demo clinic even where .env names a project`;

async function start(): Promise<number> {
  const { values } = parseArgs({
    options: {
      tour: { type: "boolean", default: false },
      demo: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const display =
    process.platform !== "linux" || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
  const project = values.demo || values.tour ? null : readProject();
  if (!display && !values.tour) {
    console.log(
      "There is no display here, so the guided tour runs instead of the workstation" +
        (project ? `, on the embedded demo clinic; ${project.url} is left untouched.` : "."),
    );
  }
  ensureBuilt();
  const runtime = findElectronRuntime();
  console.log(
    runtime.kind === "electron"
      ? "Running on Electron."
      : `Running on the Chromium host: ${runtime.why}.`,
  );
  if (values.tour || !display) {
    return run(process.execPath, [join(root, "tools", "tour", "tour.ts")], runtime.env);
  }

  const backend = project
    ? null
    : await startBackend({ dataDir: join(root, ".local"), port: DEMO_PORT });
  const { url, anonKey } = project ?? (backend as Backend);
  console.log(
    backend
      ? demoWelcome(backend)
      : `Using the Supabase project at ${url}. Close the workstation's window, or press Ctrl+C here, to end.`,
  );
  try {
    const electron: unknown = requireElectron(runtime.env);
    const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    return await run(String(electron), [".", ...sandbox], {
      ...runtime.env,
      VITE_SUPABASE_URL: url,
      VITE_SUPABASE_ANON_KEY: anonKey,
    });
  } finally {
    await backend?.close();
  }
}

/** A fixed port, so that bookmarks and the workstation's cache survive a restart of the demo. */
const DEMO_PORT = 54_329;

function requireElectron(env: Record<string, string>): unknown {
  Object.assign(process.env, env);
  return createRequire(import.meta.url)("electron");
}

function demoWelcome(backend: Backend): string {
  return [
    "",
    "The demo clinic is open. Everybody in it is invented; everybody's password is " +
      `${DEMO_PASSWORD}.`,
    `  In the workstation sign in as   ${DEMO_DOCTOR.email}   (${DEMO_DOCTOR.fullName})`,
    `  In a browser, as the patient    ${DEMO_PATIENT.email}   (${DEMO_PATIENT.fullName})`,
    `  The patient's page              ${backend.patientUrl}`,
    "Close the workstation's window, or press Ctrl+C here, to end.",
    "",
  ].join("\n");
}

function run(command: string, args: string[], env: Record<string, string>): Promise<number> {
  const child = spawn(command, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((done) => {
    child.once("exit", (code, signal) => done(signal ? 1 : (code ?? 1)));
  });
}

process.exitCode = await start().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});
