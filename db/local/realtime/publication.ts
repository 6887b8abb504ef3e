import type { Database } from "../database.ts";

export type Column = {
  name: string;
  type: string;
  fullType: string;
  isKey: boolean;
  /** The API roles that may select it. */
  roles: string[];
};

/** One table of the publication `supabase_realtime`. */
export type Relation = {
  id: number;
  qualified: string;
  schema: string;
  table: string;
  rowSecurity: boolean;
  fullReplicaIdentity: boolean;
  columns: Column[];
};

/** Reads the published tables, and puts the capturing trigger on those that lack it. */
export function readPublication(database: Database): Promise<Relation[]> {
  return database.turn(async (session) => {
    const tables = await session.query<Omit<Relation, "columns"> & { captured: boolean }>(
      `select c.oid::int as id, format('%I.%I', p.schemaname, p.tablename) as qualified,
         p.schemaname as schema, p.tablename as "table", c.relrowsecurity as "rowSecurity",
         c.relreplident = 'f' as "fullReplicaIdentity",
         exists (select from pg_trigger g where g.tgrelid = c.oid and g.tgname = '_realtime_capture') as captured
       from pg_publication_tables p
       join pg_class c on c.oid = format('%I.%I', p.schemaname, p.tablename)::regclass
       where p.pubname = 'supabase_realtime'`,
    );
    const relations: Relation[] = [];
    for (const { captured, ...table } of tables) {
      if (!captured)
        await session.exec(
          `create trigger _realtime_capture after insert or update or delete on ${table.qualified}
           for each row execute function _realtime.capture()`,
        );
      const columns = await session.query<Column>(
        `select a.attname as name, t.typname as type, format_type(a.atttypid, a.atttypmod) as "fullType",
           coalesce(a.attnum = any (i.indkey::int2[]), false) as "isKey",
           array(select role::text from unnest(array['anon', 'authenticated', 'service_role']) role
                 where has_column_privilege(role, a.attrelid, a.attnum, 'select')) as roles
         from pg_attribute a
         join pg_type t on t.oid = a.atttypid
         left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
         where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped
         order by a.attnum`,
        [table.id],
      );
      relations.push({ ...table, columns });
    }
    return relations;
  });
}
