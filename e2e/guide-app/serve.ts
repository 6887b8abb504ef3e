import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { composeGuide } from "./compose.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const out = here("../../out/guide-app");

const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
};

/** Checks the sample app's types, the guide's snippets in their place; returns what tsc says. */
export function checkTypes(): { status: number | null; output: string } {
  composeGuide();
  const tsc = here("../../node_modules/typescript/bin/tsc");
  const run = spawnSync(process.execPath, [tsc, "-p", here("./tsconfig.json")], {
    encoding: "utf8",
  });
  return { status: run.status, output: run.stdout + run.stderr };
}

/** Builds the sample app for a project, as a clinic builds its own, and serves it on a free port. */
export async function serveGuideApp(project: {
  url: string;
  anonKey: string;
}): Promise<{ url: string; close(): void }> {
  composeGuide();
  mkdirSync(out, { recursive: true });
  // A folder of its own, so that two runs at once do not take each other's build away.
  const site = mkdtempSync(join(out, "site-"));
  writeFileSync(
    join(site, ".env"),
    `VITE_SUPABASE_URL=${project.url}\nVITE_SUPABASE_ANON_KEY=${project.anonKey}\n`,
  );
  await build({
    configFile: here("./vite.config.ts"),
    envDir: site,
    build: { outDir: join(site, "dist"), emptyOutDir: true },
  });
  const server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const file = pathname === "/" ? "/index.html" : pathname;
    try {
      const body = readFileSync(join(site, "dist", file));
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "text/plain" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
      rmSync(site, { recursive: true, force: true });
    },
  };
}
