import { sql as cache0001 } from "./0001-cache.ts";
import { sql as cache0002 } from "./0002-cache.ts";
import { sql as outbox0001 } from "./0001-outbox.ts";

/** The migrations of each local file in order; the file's `user_version` counts those that ran. */
export const migrations = {
  cache: [cache0001, cache0002],
  outbox: [outbox0001],
} as const satisfies Record<string, readonly string[]>;

export type LocalFile = keyof typeof migrations;
