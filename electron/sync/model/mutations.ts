import { ok } from "#shared/contract/fault.ts";
import type { Unsafe } from "#electron/cache/stores.ts";
import { findMeta, putMeta } from "#electron/cache/meta.ts";
import type { Remote } from "../remote-port.ts";
import type { MemoryStore, Tear } from "./memory-store.ts";
import { messageIdAt } from "./sim-server.ts";

// The product with one of its guards taken out, to see that the schedules find out. Nothing of this
// is in the product: each wraps what the engine is given.

type Part = (store: MemoryStore, tear: Tear) => unknown;

export type Mutation = {
  unsafe: Unsafe;
  remote(remote: Remote): Remote;
  /** The steps of a write, each of which the process may not live to see the end of. */
  split(name: string, args: unknown): Part[];
};

const whole = (name: string, args: unknown): Part[] => [
  (store, tear) => store.write(name, args, tear),
];

export const intact: Mutation = { unsafe: {}, remote: (remote) => remote, split: whole };

type Values = Record<string, unknown>;
type RawPage = { columns: Record<string, string[]>; rows: [string, string, string, unknown[]][] };

/** Lets only some rows of a page through. */
function keepRows(page: unknown, keep: (kind: string, row: Values) => boolean): unknown {
  const { columns, rows, ...rest } = page as RawPage;
  const kept = rows.filter(([kind, , , values]) =>
    keep(kind, Object.fromEntries((columns[kind] ?? []).map((name, at) => [name, values[at]]))),
  );
  return { columns, rows: kept, ...rest };
}

const withoutRows = (drop: (kind: string, row: Values) => boolean): Mutation => ({
  ...intact,
  remote: (remote) => ({
    ...remote,
    pullSince: async (page, signal) => {
      const found = await remote.pullSince(page, signal);
      return found.ok ? ok(keepRows(found.value, (kind, row) => !drop(kind, row))) : found;
    },
  }),
});

const moveCursor: Part = ({ store }) => {
  const xmax = Number(findMeta(store.cache, "cursor")?.split(":")[1] ?? "0");
  if (xmax > 0) putMeta(store.cache, "cursor", `${xmax + 1}:${xmax + 1}:`);
};

/** Writes down which sessions are granted and fetched already. */
const noteKnown: Part = ({ store }) => {
  store.cache.exec("drop table if exists temp.known");
  store.cache.exec("create temp table known as select session_id from access where granted = 1");
  store.cache.exec("delete from known where session_id in (select session_id from backfills)");
};

let otherIds = 1_000_000;

/** Each guard, by the rule of SPEC.md that it carries. */
export const mutations = {
  "S1: a cursor of time instead of a snapshot": {
    ...intact,
    remote: (remote) => ({
      ...remote,
      snapshot: async (signal) => {
        const found = await remote.snapshot(signal);
        if (!found.ok) return found;
        // Everything begun until now counts as seen, as with updated_at or a serial number.
        const next = found.value.snapshot.split(":")[1] ?? "0";
        return ok({ ...found.value, snapshot: `${next}:${next}:` });
      },
    }),
  },
  "S1: the cursor stored before its rows, not with them": {
    ...intact,
    split: (name, args) => {
      const { page, snapshot } = args as { page?: { next: unknown }; snapshot?: string };
      if (name !== "feed.applyPage" || page?.next !== null) return whole(name, args);
      const early: Part = ({ store }) => putMeta(store.cache, "cursor", snapshot ?? null);
      return [early, ...whole(name, args)];
    },
  },
  "S3: no guard by revision": { ...intact, unsafe: { revGuard: false } },
  "S5: no tombstones": withoutRows((kind) => kind === "tombstone"),
  "S6: another epoch goes unnoticed": {
    ...intact,
    remote: (remote) => ({
      ...remote,
      snapshot: async (signal) => {
        const found = await remote.snapshot(signal);
        return found.ok ? ok({ ...found.value, epoch: "always the same" }) : found;
      },
    }),
  },
  "S7: a revocation goes unnoticed": withoutRows(
    (kind, row) => kind === "access" && row["granted"] === false,
  ),
  "S8: no backfill after a grant": {
    ...intact,
    remote: (remote) => ({
      ...remote,
      pullSession: async (page, signal) => {
        const found = await remote.pullSession(page, signal);
        return found.ok ? ok(keepRows(found.value, () => false)) : found;
      },
    }),
  },
  "S8: no backfill where access was granted before": {
    ...intact,
    split: (name, args) => {
      if (name !== "feed.applyPage") return whole(name, args);
      const skip: Part = (store, tear) => {
        const value = store.write(name, args, tear);
        const { cache } = store.store;
        cache.exec("delete from backfills where session_id in (select session_id from temp.known)");
        return value;
      };
      return [noteKnown, skip];
    },
  },
  "S11: a new id for each attempt": {
    ...intact,
    remote: (remote) => ({
      ...remote,
      sendMessage: async (message, signal) => {
        const sent = await remote.sendMessage({ ...message, id: messageIdAt(otherIds++) }, signal);
        return sent.ok ? ok({ ...sent.value, id: message.id }) : sent;
      },
    }),
  },
  "S20: a cursor that moves with what is told": {
    ...intact,
    split: (name, args) => {
      if (name !== "told.message") return whole(name, args);
      return [moveCursor, ...whole(name, args)];
    },
  },
} as const satisfies Record<string, Mutation>;
