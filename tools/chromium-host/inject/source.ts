import { randomUUID } from "node:crypto";
import { createCodec } from "../codec.ts";
import { createWorldBridge } from "./bridge.ts";
import { runIsolatedWorld, type PreloadProcess } from "./isolated-world.ts";
import { runMainWorld } from "./main-world.ts";

/** The text to run in every document of a window: in the page's world, and in the preload's. */
export type InjectedSource = { mainWorld: string; isolatedWorld: string };

/** The two worlds find each other under random event names, which a page cannot guess. */
export function createInjectedSource(config: PreloadProcess, preload: string): InjectedSource {
  const toPreload = JSON.stringify(`_${randomUUID()}`);
  const toPage = JSON.stringify(`_${randomUUID()}`);
  return {
    mainWorld: `(${runMainWorld})(${createWorldBridge}, ${toPreload}, ${toPage})`,
    isolatedWorld:
      `(${runIsolatedWorld})(${createWorldBridge}, ${createCodec}, ${toPage}, ${toPreload}, ` +
      `${JSON.stringify(config)}, function (require, module, exports, process) {${preload}\n})`,
  };
}
