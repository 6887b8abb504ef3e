import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findElectronRuntime } from "./launch/electron-runtime.ts";
import { root } from "./launch/root.ts";
import { summarise, type SuiteTally } from "./test/tally.ts";

/** One suite: a command that writes its tally, or one that counts as a single test by its exit code. */
type SuiteSpec = {
  name: string;
  command: string[];
  counts: "tally" | "one";
  env?: () => Record<string, string>;
};

const vitest = (project: string): SuiteSpec => ({
  name: project,
  command: [
    "vitest",
    "run",
    `--project=${project}`,
    "--reporter=dot",
    "--reporter=./tools/test/vitest-reporter.ts",
  ],
  counts: "tally",
});

const check = (name: string, ...command: string[]): SuiteSpec => ({ name, command, counts: "one" });

const SUITES: SuiteSpec[] = [
  check("types", "tsc", "-b"),
  check("lint", "oxlint"),
  check("imports", "node", "tools/check-imports.ts"),
  check("format", "prettier", "--check", "--log-level=warn", "."),
  check("unused", "knip"),
  check("sql-fresh", "node", "db/build.ts", "--check"),
  vitest("unit"),
  vitest("db"),
  check("build", "node", "tools/launch/build-cli.ts"),
  check("bundle", "node", "tools/check-bundle.ts"),
  {
    name: "e2e",
    command: ["playwright", "test", "--reporter=list,./tools/test/playwright-reporter.ts"],
    counts: "tally",
    env: () => findElectronRuntime().env,
  },
  check("tour", "node", "tools/start.ts", "--tour"),
];

/** Runs every suite (or those named on the command line), goes on after a failure, and adds them up. */
async function test(): Promise<number> {
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !SUITES.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    const known = SUITES.map((suite) => suite.name).join(" ");
    console.error(`No such suite: ${unknown.join(" ")}. There are: ${known}`);
    return 2;
  }
  const tallies: SuiteTally[] = [];
  for (const suite of SUITES.filter(({ name }) => names.length === 0 || names.includes(name))) {
    if (stopped) break;
    console.log(`\n── ${suite.name} ──`);
    const started = Date.now();
    const tally = await runSuite(suite);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    const told = `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped.length} skipped`;
    console.log(`── ${suite.name}: ${told} in ${seconds} s`);
    tallies.push(tally);
  }
  const { lines, failed } = summarise(tallies);
  console.log(`\n${lines.join("\n")}`);
  return failed === 0 && !stopped ? 0 : 1;
}

async function runSuite(suite: SuiteSpec): Promise<SuiteTally> {
  const folder = join(root, "out", "test");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${suite.name}.json`);
  rmSync(file, { force: true });
  const [name = "", ...args] = suite.command;
  const code = await run(name, args, { TALLY_FILE: file, ...suite.env?.() });
  if (suite.counts === "one") {
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [] };
  }
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: [] };
  const tally: SuiteTally = JSON.parse(readFileSync(file, "utf8"));
  // A runner that fails without a failed test (a crash, say) must not pass for green.
  return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

let running: ChildProcess | null = null;
let stopped = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    stopped = true;
    running?.kill(signal);
  });
}

function run(name: string, args: string[], env: Record<string, string>): Promise<number> {
  const child = spawn(name, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...(process.stdout.isTTY ? {} : { NO_COLOR: "1" }), ...env },
    shell: process.platform === "win32",
  });
  running = child;
  return new Promise((done) => {
    child.once("error", () => done(1));
    child.once("exit", (code) => done(code ?? 1));
  });
}

process.exitCode = await test();
