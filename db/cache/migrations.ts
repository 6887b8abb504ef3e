import { sql as cache0001 } from "./0001-cache.ts";
import { sql as cache0002 } from "./0002-cache.ts";
import { sql as outbox0001 } from "./0001-outbox.ts";

/**
 * A migration that moves so many rows that it must not be one transaction: it runs in steps, each of
 * which ends at a key, and a killed one goes on after the last step.
 */
export type LongMigration = {
  /** Makes what the rows are moved into. */
  begin: string;
  /** The table that is read, its integer key, and how many rows one step takes. */
  rows: { table: string; key: string; atOnce: number };
  /** One statement that moves the rows whose key lies in (@after, @last]. The read table must keep them. */
  move: string;
  /** Puts the new in the old one's place. */
  finish: string;
};

/** A short migration is its SQL. */
export type Migration = string | LongMigration;

/** The migrations of each local file in order; the file's `user_version` counts those that ran. */
export const migrations = {
  cache: [cache0001, cache0002],
  outbox: [outbox0001],
} as const satisfies Record<string, readonly Migration[]>;

export type LocalFile = keyof typeof migrations;
