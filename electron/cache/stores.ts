import type { z } from "zod";
import type { CommandName, QueryName } from "#shared/contract/bridge.ts";
import type { Commands } from "#shared/contract/commands.ts";
import type { Queries } from "#shared/contract/queries.ts";
import type { UserId } from "#shared/model/ids.ts";
import type { Readable, Writable } from "./database.ts";

/** What a read works on: both files of one user. Views are cache ∪ outbox, joined here in code. */
export type Reading = {
  readonly cache: Readable<"cache">;
  readonly outbox: Readable<"outbox">;
  readonly userId: UserId;
};

/** What a write works on. No transaction spans the two files: each step must bear a crash after it. */
export type Writing = {
  readonly cache: Writable<"cache">;
  readonly outbox: Writable<"outbox">;
  readonly userId: UserId;
  readonly unsafe: Unsafe;
};

/** Guards that only a test switches off, to see that it fails without them. */
export type Unsafe = {
  readonly encryption?: false;
  readonly revGuard?: false;
  readonly toldInOrder?: false;
};

/** A query's or a command's input as it is after decoding. */
export type QueryArgs<N extends QueryName> = z.output<Queries[N]["in"]>;
export type CommandArgs<N extends CommandName> = z.output<Commands[N]["in"]>;
