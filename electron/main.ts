import { join } from "node:path";
import { openBridge } from "./bridge/open-bridge.ts";
import { createTopicDesk } from "./bridge/topics.ts";
import { compose } from "./compose.ts";
import { openLog } from "./log/log.ts";
import { quietConsole } from "./log/quiet-console.ts";
import {
  electronDesktop,
  electronLifecycle,
  electronPlatform,
  prepareProcess,
} from "./platform/electron-platform.ts";
import { createMainWindow } from "./window/open-window.ts";

// The life of the process, and nothing else: what the app does is built in compose.ts.

const outFolder = join(import.meta.dirname, "..");
const lifecycle = electronLifecycle();

async function run(): Promise<void> {
  await lifecycle.ready();
  const platform = electronPlatform(outFolder);
  const desktop = electronDesktop();
  if (platform.build.packaged) quietConsole();
  const log = openLog(platform.paths.logs);
  for (const kind of ["uncaughtException", "unhandledRejection"]) {
    process.on(kind, (error: unknown) => log.unexpected("main", error));
  }
  const topics = createTopicDesk();
  const services = compose(platform, {
    log,
    publish: topics.publish,
    cacheWorker: new URL("cache-worker.js", import.meta.url),
    builtIn: {
      url: import.meta.env.VITE_SUPABASE_URL,
      anonKey: import.meta.env.VITE_SUPABASE_ANON_KEY,
    },
  });
  openBridge(desktop.calls, services.handlers, topics, log);
  const window = createMainWindow(platform, desktop, log);
  lifecycle.onSecondInstance(window.show);
  lifecycle.onActivate(window.show);
  lifecycle.onQuit(async () => {
    await services.close();
    log.write("app.stopped", {});
  });
  // The page loads while the local store opens; its first question waits for neither.
  window.show();
  await services.start();
  log.write("app.started", { packaged: platform.build.packaged });
}

if (lifecycle.isFirstInstance()) {
  prepareProcess();
  void run();
} else {
  lifecycle.quit();
}
