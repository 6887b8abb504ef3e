/**
 * Photographs every scene of the workstation (renderer/workstation/dev/scenes.ts) in a real browser,
 * light and dark, at three widths, under the product's own Content-Security-Policy, and puts the
 * pictures into out/screens/. Ends 1 when a page reports an error, scrolls sideways, or breaks a rule
 * of accessibility (WCAG 2.2 AA, by axe).
 *
 *   node tools/screens.ts [part of a name]   e.g. `today`, `room-offline`, `dark-960`
 */
import { mkdtempSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type Browser, type Page } from "@playwright/test";
import react from "@vitejs/plugin-react";
import { build } from "vite";
import { serveBundle } from "#electron/window/serve-bundle.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = join(root, "out/screens");
const only = process.argv[2] ?? "";

const WIDTHS = [1280, 960, 720] as const;
const THEMES = ["light", "dark"] as const;
/** A Thursday morning: two seen, one in the room, one paused, the rest to come. */
const NOW = new Date("2026-11-26T09:07:00Z");

type Shot = {
  name: string;
  scene: string;
  /** British English, unless given. */
  locale?: string;
  /** What a person does before the picture is taken. */
  steps?: (page: Page) => Promise<void>;
};

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });

/** Pictures that need a hand: menus, dialogs, filled forms. */
const STEPS: readonly Shot[] = [
  {
    name: "sign-in-no-connection",
    scene: "sign-in-offline",
    steps: async (page) => {
      await page.getByLabel("Email").fill("ingrid.lee@harbour-street.example");
      await page.getByLabel("Password", { exact: true }).fill("not this one");
      await button(page, "Sign in").click();
      await page.getByText("No connection").waitFor();
    },
  },
  {
    name: "first-start-good",
    scene: "first-start",
    steps: async (page) => {
      await page.getByLabel("Project URL").fill("https://harbour-street.supabase.example");
      await page.getByLabel("Public key").fill("sb_publishable_0b1c2d3e4f");
      await button(page, "Test the connection").click();
      await button(page, "Connect").waitFor();
    },
  },
  {
    name: "first-start-secret",
    scene: "first-start",
    steps: async (page) => {
      await page.getByLabel("Project URL").fill("https://harbour-street.supabase.example");
      await page.getByLabel("Public key").fill("sb_secret_0b1c2d3e4f");
      await button(page, "Test the connection").click();
      await button(page, "Test again").waitFor();
    },
  },
  {
    name: "sign-in-wrong",
    scene: "sign-in",
    steps: async (page) => {
      await page.getByLabel("Email").fill("ingrid.lee@harbour-street.example");
      await page.getByLabel("Password", { exact: true }).fill("not this one");
      await button(page, "Sign in").click();
      await page.getByRole("alert").waitFor();
    },
  },
  {
    name: "today-keyboard",
    scene: "today",
    steps: async (page) => {
      // From the heading over the two days around it into the list.
      for (let n = 0; n < 3; n += 1) await page.keyboard.press("Tab");
      await page.keyboard.press("ArrowDown");
    },
  },
  { name: "today-spanish", scene: "today-booked", locale: "es-ES" },
  { name: "today-american", scene: "today-booked", locale: "en-US" },
  {
    name: "today-sync-details",
    scene: "room-offline",
    steps: async (page) => {
      await page.keyboard.press("Control+1");
      await button(page, /^Offline/).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "unsent-work",
    scene: "room-refused",
    steps: async (page) => {
      await button(page, /^Connected/).click();
      await button(page, "Show them").click();
      await page.getByRole("dialog", { name: "Only on this computer" }).waitFor();
    },
  },
  {
    name: "account",
    scene: "today",
    steps: async (page) => {
      await button(page, /account/).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "sign-out",
    scene: "today",
    steps: async (page) => {
      await button(page, /account/).click();
      await button(page, "Sign out").click();
      await page.getByRole("alertdialog").waitFor();
    },
  },
  {
    name: "sign-out-unsent",
    scene: "room-offline",
    steps: async (page) => {
      await button(page, /account/).click();
      await button(page, "Sign out").click();
      await page.getByRole("alertdialog").waitFor();
    },
  },
  {
    name: "today-other-day",
    scene: "today",
    steps: (page) => button(page, "Next day").click(),
  },
  {
    name: "rail-tooltip",
    scene: "room",
    steps: async (page) => {
      // A tooltip comes by the keyboard at once, by the pointer after a while.
      await page.keyboard.press("F6");
      await page.keyboard.press("F6");
      await page.getByRole("tooltip").waitFor();
    },
  },
  {
    name: "history-record",
    scene: "history",
    steps: async (page) => {
      await page.getByRole("option").nth(3).click();
    },
  },
  {
    name: "room-finish",
    scene: "room",
    steps: async (page) => {
      await button(page, "Finish").click();
      await page.getByRole("dialog").or(page.getByRole("alertdialog")).waitFor();
    },
  },
];

/** Builds the page of scenes, apart from every product build. */
async function buildScenes(folder: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: "warn",
    root: join(root, "renderer/workstation"),
    plugins: [react()],
    resolve: { alias: { "@": join(root, "renderer") } },
    build: {
      outDir: folder,
      emptyOutDir: true,
      rollupOptions: { input: join(root, "renderer/workstation/dev.html") },
    },
  });
}

/** Serves the built page on a loopback port as the product serves its own. */
async function serve(folder: string) {
  const answer = serveBundle(folder, () => {});
  const reply = async (path: string, response: ServerResponse) => {
    const found = await answer(new Request(`app://bundle${path}`));
    response.writeHead(found.status, Object.fromEntries(found.headers));
    response.end(Buffer.from(await found.arrayBuffer()));
  };
  const server = createServer((request, response) => {
    void reply(new URL(request.url ?? "/", "http://x").pathname, response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/dev.html`, close: () => server.close() };
}

async function listScenes(browser: Browser, address: string): Promise<string[]> {
  const page = await browser.newPage();
  await page.goto(address);
  const names = await page.locator("[data-scene]").allTextContents();
  await page.close();
  if (names.length === 0) throw new Error("The page lists no scenes.");
  return names;
}

async function shoot(
  browser: Browser,
  address: string,
  shot: Shot,
  theme: (typeof THEMES)[number],
  width: (typeof WIDTHS)[number],
): Promise<string[]> {
  const wrong: string[] = [];
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    colorScheme: theme,
    locale: shot.locale ?? "en-GB",
    timezoneId: "Europe/London",
    reducedMotion: "reduce",
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on("pageerror", (error) => wrong.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") wrong.push(message.text());
    });
    await page.clock.setFixedTime(NOW);
    await page.goto(`${address}?scene=${shot.scene}`);
    await page.locator("main, footer").first().waitFor();
    await page.waitForTimeout(250);
    await shot.steps?.(page);
    await page.waitForTimeout(250);
    await page.screenshot({ path: join(out, `${shot.name}-${theme}-${width}.png`) });
    if (width === WIDTHS[0]) {
      const { violations } = await new AxeBuilder({ page })
        .withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"])
        // What floats is outside the landmarks by nature.
        .disableRules(["region"])
        .analyze();
      for (const { id, nodes } of violations) {
        wrong.push(`${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
      }
    }
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (sideways > 0) wrong.push(`${sideways}px too wide`);
  } catch (error) {
    wrong.push(error instanceof Error ? (error.message.split("\n")[0] ?? "") : "failed");
  } finally {
    await context.close();
  }
  return wrong;
}

const folder = mkdtempSync(join(tmpdir(), "screens-"));
await mkdir(out, { recursive: true });
await buildScenes(folder);
const server = await serve(folder);
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
let [taken, failed] = [0, 0];
try {
  const scenes = await listScenes(browser, server.address);
  const shots: Shot[] = [...scenes.map((scene) => ({ name: scene, scene })), ...STEPS];
  for (const shot of shots) {
    for (const theme of THEMES) {
      for (const width of WIDTHS) {
        const name = `${shot.name}-${theme}-${width}`;
        if (!name.includes(only)) continue;
        // One page at a time: the machine is small, and pictures want quiet.
        // oxlint-disable-next-line no-await-in-loop
        const wrong = await shoot(browser, server.address, shot, theme, width);
        taken += 1;
        if (wrong.length > 0) {
          failed += 1;
          console.error(`${name}: ${[...new Set(wrong)].join("; ")}`);
        }
      }
    }
  }
} finally {
  await browser.close();
  server.close();
  rmSync(folder, { recursive: true, force: true });
}
console.log(`screens: ${taken} pictures in out/screens, ${failed} with faults`);
process.exitCode = taken > 0 && failed === 0 ? 0 : 1;
