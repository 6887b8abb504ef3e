import { ensureBuilt } from "#tools/launch/build.ts";

/** The suite drives what is built, so it builds first where something has changed. */
async function buildFirst(): Promise<void> {
  ensureBuilt();
}

// Playwright loads a global setup by its default export.
export { buildFirst as default };
