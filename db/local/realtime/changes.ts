import { actAs, type Database, type Session } from "../database.ts";
import { bind, type Binding, type Operation } from "./bindings.ts";
import { push, type Channel, type ChangesRequest } from "./channel.ts";
import { filterSql, quote } from "./filters.ts";
import { readPublication, type Column, type Relation } from "./publication.ts";

type Change = {
  id: number;
  relation: number;
  operation: Operation;
  record: Record<string, unknown> | null;
  old: Record<string, unknown> | null;
  at: string;
};
type Hit = { channel: Channel; binding: Binding };

const BATCH = 200;

/** postgres_changes: captured rows to the subscribers whose row security lets them read the row. */
export class Changes {
  readonly #database: Database;
  readonly #subscribers = new Set<Channel>();
  #relations = new Map<number, Relation>();
  #draining: Promise<void> | null = null;
  #more = false;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Puts the capture on every published table; to be called after the publication changed. */
  async refresh(): Promise<void> {
    const relations = await readPublication(this.#database);
    this.#relations = new Map(relations.map((relation) => [relation.id, relation]));
  }

  /** Starts the flow; throws with hosted's words where a request cannot be served. */
  async subscribe(channel: Channel, requests: (ChangesRequest & { id: number })[]): Promise<void> {
    await this.refresh();
    const bindings: Binding[] = [];
    for (const request of requests)
      bindings.push(
        await bind(this.#database, [...this.#relations.values()], request, channel.claims.role),
      );
    if (channel.closed) return;
    channel.bindings = bindings;
    this.#subscribers.add(channel);
  }

  unsubscribe(channel: Channel): void {
    this.#subscribers.delete(channel);
  }

  /** Delivers what was captured; calls that come meanwhile join the running one. */
  drain(): Promise<void> {
    this.#more = true;
    this.#draining ??= this.#drainAll().finally(() => (this.#draining = null));
    return this.#draining;
  }

  async #drainAll(): Promise<void> {
    while (this.#more) {
      this.#more = false;
      const changes = await this.#database.query<Change>(
        `delete from _realtime.changes where id in (select id from _realtime.changes order by id limit ${BATCH})
         returning id, relation::int, operation, record, old_record as old,
           to_char(changed_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at`,
      );
      changes.sort((a, b) => a.id - b.id);
      for (const change of changes) await this.#deliver(change);
      if (changes.length === BATCH) this.#more = true;
    }
  }

  async #deliver(change: Change): Promise<void> {
    const relation = this.#relations.get(change.relation);
    if (!relation) return;
    const hits = this.#hitsOf(change);
    if (hits.length === 0) return;
    const allowed = await this.#database.probe(async (session) => {
      const passing: Hit[] = [];
      for (const hit of hits)
        if (await passesFilter(session, relation, change, hit.binding)) passing.push(hit);
      return readableBy(session, relation, change, passing);
    });
    for (const { channel, binding } of allowed)
      if (!channel.closed)
        push(channel, "postgres_changes", {
          ids: [binding.id],
          data: dataOf(relation, change, channel.claims.role, binding),
        });
  }

  #hitsOf(change: Change): Hit[] {
    const hits: Hit[] = [];
    for (const channel of this.#subscribers)
      for (const binding of channel.bindings)
        if (
          binding.relations.has(change.relation) &&
          (binding.operation === "*" || binding.operation === change.operation)
        )
          hits.push({ channel, binding });
    return hits;
  }
}

async function passesFilter(
  session: Session,
  relation: Relation,
  change: Change,
  { filters }: Binding,
): Promise<boolean> {
  if (filters.length === 0) return true;
  const isKey = (name: string) =>
    relation.columns.some((column) => column.name === name && column.isKey);
  // Of a deleted row only the replica identity is known.
  if (change.operation === "DELETE" && !relation.fullReplicaIdentity)
    if (!filters.every((filter) => isKey(filter.column))) return false;
  const parameters: unknown[] = [JSON.stringify(change.record ?? change.old)];
  const typeOf = (name: string) =>
    relation.columns.find((column) => column.name === name)?.fullType ?? "text";
  const condition = filterSql(filters, typeOf, parameters);
  const [row] = await session.query<{ passes: boolean }>(
    `select coalesce((${condition}), false) as passes
     from jsonb_populate_record(null::${relation.qualified}, $1::jsonb) r`,
    parameters,
  );
  return row?.passes === true;
}

/** Keeps the hits whose role can select the row now: one check per distinct set of claims. */
async function readableBy(
  session: Session,
  relation: Relation,
  change: Change,
  hits: readonly Hit[],
): Promise<Hit[]> {
  const keys = relation.columns.filter((column) => column.isKey);
  // Hosted sends deletes to every subscriber: a row that is gone cannot be checked.
  if (!relation.rowSecurity || change.operation === "DELETE" || keys.length === 0) return [...hits];
  const condition = keys
    .map((key, at) => `r.${quote(key.name)} = ($${at + 1}::text)::${key.fullType}`)
    .join(" and ");
  const verdicts = new Map<string, boolean>();
  const readable: Hit[] = [];
  for (const hit of hits) {
    const who = JSON.stringify(hit.channel.claims);
    let verdict = verdicts.get(who);
    if (verdict === undefined) {
      await session.exec("savepoint subscriber");
      try {
        await actAs(session, hit.channel.claims);
        const [row] = await session.query<{ visible: boolean }>(
          `select exists (select from ${relation.qualified} r where ${condition}) as visible`,
          keys.map((key) => String(change.record?.[key.name])),
        );
        verdict = row?.visible === true;
      } catch {
        verdict = false;
      }
      await session.exec("rollback to savepoint subscriber");
      verdicts.set(who, verdict);
    }
    if (verdict) readable.push(hit);
  }
  return readable;
}

function dataOf(relation: Relation, change: Change, role: string, binding: Binding) {
  const columns = relation.columns.filter((column) => column.roles.includes(role));
  const keys = relation.columns.filter((column) => column.isKey);
  const head = {
    schema: relation.schema,
    table: relation.table,
    commit_timestamp: change.at,
    type: change.operation,
  };
  const isDelete = change.operation === "DELETE";
  if (keys.length === 0 && !isDelete)
    return { ...head, errors: ["Error 400: Bad Request, no primary key"] };
  if (!isDelete && !keys.every((key) => columns.includes(key)))
    return { ...head, errors: ["Error 401: Unauthorized"] };
  const { select } = binding;
  const visible = select
    ? columns.filter((column) => column.isKey || select.includes(column.name))
    : columns;
  const showsOld = relation.fullReplicaIdentity && !(isDelete && relation.rowSecurity);
  return {
    ...head,
    columns: visible.map(({ name, type }) => ({ name, type })),
    ...(!isDelete && { record: pick(change.record, visible) }),
    ...(change.operation !== "INSERT" && {
      old_record: pick(change.old, showsOld ? visible : visible.filter((column) => column.isKey)),
    }),
    errors: null,
  };
}

function pick(record: Record<string, unknown> | null, columns: readonly Column[]) {
  return Object.fromEntries(columns.map(({ name }) => [name, record?.[name]]));
}
