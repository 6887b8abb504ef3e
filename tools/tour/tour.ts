import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBuilt } from "#tools/launch/build.ts";
import { findElectronRuntime } from "#tools/launch/electron-runtime.ts";
import { root } from "#tools/launch/root.ts";
import { Guide } from "./guide.ts";
import { tellStory } from "./story.ts";

/** The guided tour: the main job, driven through the real app; ends 0 only if every step was seen. */
async function tour(): Promise<number> {
  Object.assign(process.env, findElectronRuntime().env);
  ensureBuilt();
  const folder = mkdtempSync(join(tmpdir(), "consulting-room-tour-"));
  const stage: Parameters<typeof tellStory>[2] = { pages: [], closeLast: [] };
  const guide = new Guide(join(root, "out", "tour"));
  console.log("The guided tour: everybody in it is invented.\n");
  try {
    await tellStory(guide, folder, stage);
    guide.conclude();
    return 0;
  } catch (error) {
    console.error(`\nThe tour stopped here: ${error instanceof Error ? error.message : error}`);
    await guide.photographFailure(stage.pages);
    return 1;
  } finally {
    for (const close of stage.closeLast.toReversed()) {
      await close().catch((error: unknown) => console.error(error));
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

process.exitCode = await tour();
