import type { Result } from "#shared/contract/fault.ts";
import type { Person } from "#shared/model/person.ts";
import type { Cache } from "#electron/cache/cache.ts";
import type { Connection } from "#electron/remote/supabase.ts";
import type { SyncEngine } from "#electron/sync/engine.ts";

/** All that works for one signed-in user: his local store, his connection, and the sync between them. */
export type Desk = {
  person: Person;
  cache: Cache;
  client: Connection;
  engine: SyncEngine;
  /** Stops the sync, then closes the store. What waits in the outbox stays there, sealed. */
  close(): Promise<void>;
};

/** Opens a user's desk. The caller vouches that he is signed in. */
export type OpenDesk = (client: Connection, person: Person) => Promise<Result<Desk>>;
