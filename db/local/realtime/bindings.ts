import type { Database } from "../database.ts";
import type { ChangesRequest } from "./channel.ts";
import { parseFilters, type Filter } from "./filters.ts";
import type { Relation } from "./publication.ts";

export type Operation = "INSERT" | "UPDATE" | "DELETE";

/** One accepted postgres_changes request of a channel. */
export type Binding = {
  id: number;
  operation: Operation | "*";
  relations: Set<number>;
  filters: Filter[];
  filterText: string;
  select: string[] | undefined;
};

/** Checks a request against the publication and the role's columns; throws with hosted's words. */
export async function bind(
  database: Database,
  relations: readonly Relation[],
  request: ChangesRequest & { id: number },
  role: string,
): Promise<Binding> {
  const { schema = "public", table } = request;
  const matching = relations.filter(
    (relation) =>
      (schema === "*" || schema === relation.schema) &&
      (table === undefined || table === "*" || table === relation.table),
  );
  if (matching.length === 0)
    throw new Error(
      `Unable to subscribe to changes with given parameters. Please check Realtime is enabled for the given connect parameters: [event: ${request.event}, schema: ${schema}, table: ${table ?? "*"}, filters: ${JSON.stringify(request.filter ?? [])}]`,
    );
  const filters = parseFilters(request.filter);
  for (const relation of matching)
    for (const filter of filters) {
      const column = relation.columns.find(
        ({ name, roles }) => name === filter.column && roles.includes(role),
      );
      if (!column)
        throw new Error(
          `Unable to subscribe to changes with given parameters. Exception: ERROR P0001 (raise_exception) invalid column for filter ${filter.column}`,
        );
      if (filter.operator === "is") continue;
      const type = `${column.fullType}${filter.operator === "in" ? "[]" : ""}`;
      await database.query(`select ($1::text)::${type}`, [filter.value]);
    }
  const operation = request.event.toUpperCase();
  return {
    id: request.id,
    operation: isOperation(operation) ? operation : "*",
    relations: new Set(matching.map((relation) => relation.id)),
    filters,
    filterText: request.filter ?? "",
    select: request.select,
  };
}

function isOperation(text: string): text is Operation {
  return text === "INSERT" || text === "UPDATE" || text === "DELETE";
}
