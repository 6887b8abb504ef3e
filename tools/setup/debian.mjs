// Plain JavaScript on purpose: this runs on whatever Node a fresh machine has, before anything is installed.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createInterface } from "node:readline/promises";

const onPath = (name) =>
  (process.env.PATH ?? "").split(":").some((folder) => existsSync(`${folder}/${name}`));

const postgres = () =>
  existsSync("/usr/lib/postgresql") &&
  readdirSync("/usr/lib/postgresql").some((v) => existsSync(`/usr/lib/postgresql/${v}/bin/initdb`));

/** What each part is for, how it is recognised, and the Debian packages that bring it. */
const PARTS = {
  chromium: {
    why: "a browser: it shows the patient page in tests, and the workstation where Electron's own binary cannot be had",
    there: () => onPath("chromium"),
    packages: ["chromium"],
  },
  xvfb: {
    why: "a display for tests with windows",
    there: () => onPath("Xvfb"),
    packages: ["xvfb", "xauth"],
  },
  fonts: {
    why: "fonts for Arabic, Chinese, Japanese, Korean and emoji",
    there: () =>
      existsSync("/usr/share/fonts/opentype/noto") && existsSync("/usr/share/fonts/truetype/noto"),
    packages: ["fonts-noto-core", "fonts-noto-cjk", "fonts-noto-color-emoji"],
  },
  strace: {
    why: "shows the test of the outbox what is forced to the disk",
    there: () => onPath("strace"),
    packages: ["strace"],
  },
  postgresql: {
    why: "a real PostgreSQL for the row-security and sync suites",
    there: postgres,
    packages: ["postgresql"],
  },
};

/**
 * Installs what is missing of the named parts through apt-get, asking first where a person is there
 * to answer. Elsewhere than on Debian and its kin it does nothing: the suites then say what they skip.
 * @param {(keyof typeof PARTS)[]} names
 */
export async function ensureDebianParts(names) {
  if (process.platform !== "linux" || !onPath("apt-get")) return;
  const missing = names.filter((name) => !PARTS[name].there());
  if (missing.length === 0) return;
  const packages = missing.flatMap((name) => PARTS[name].packages);
  console.log("Missing on this machine:");
  for (const name of missing) console.log(`  ${name}: ${PARTS[name].why}`);

  const root = process.getuid?.() === 0;
  const apt = root ? ["apt-get"] : onPath("sudo") ? ["sudo", "apt-get"] : null;
  const byHand = `Install by hand: apt-get install ${packages.join(" ")}`;
  if (!apt)
    return void console.log(`Neither root nor sudo here, so nothing was installed. ${byHand}`);
  if (process.stdin.isTTY && process.stdout.isTTY && !process.env.CI) {
    const ask = createInterface({ input: process.stdin, output: process.stdout });
    const said = await ask.question(`Install ${packages.join(" ")} with apt-get now? [Y/n] `);
    ask.close();
    if (/^n/i.test(said.trim())) return void console.log(`Going on without. ${byHand}`);
  }
  console.log(`Installing ${packages.join(" ")} (once, one to three minutes) …`);
  const run = (...args) =>
    spawnSync(apt[0], [...apt.slice(1), ...args], {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    }).status === 0;
  const done =
    run("update", "-qq") && run("install", "-y", "-qq", "--no-install-recommends", ...packages);
  if (!done) console.log(`apt-get did not finish; going on without. ${byHand}`);
}
