/** One condition of a postgres_changes filter, `column=not.eq.value`. */
export type Filter = { column: string; operator: string; value: string; negated: boolean };

const OPERATORS: Record<string, string> = {
  eq: "=",
  neq: "<>",
  lt: "<",
  lte: "<=",
  gt: ">",
  gte: ">=",
  in: "= any",
  is: "is",
  like: "like",
  ilike: "ilike",
  match: "~",
  imatch: "~*",
  isdistinct: "is distinct from",
};

/** Reads `a=eq.1,b=in.(x,y),c=not.is.null`; throws where it is not a filter. */
export function parseFilters(text: string | undefined): Filter[] {
  return splitFilters(text ?? "").map((part) => {
    const match = /^\s*([^=]+)=(not\.)?([a-z]+)\.(.*)$/s.exec(part);
    const [, column = "", not, operator = "", raw = ""] = match ?? [];
    if (!match || !OPERATORS[operator])
      throw new Error(`Error parsing \`filter\` params: ${JSON.stringify(part)}`);
    return { column, operator, value: readValue(operator, raw), negated: not !== undefined };
  });
}

/** The filters as a condition on the record `r`; adds its parameters to `parameters`. */
export function filterSql(
  filters: readonly Filter[],
  typeOf: (column: string) => string,
  parameters: unknown[],
): string {
  const conditions = filters.map(({ column, operator, value, negated }) => {
    const name = `r.${quote(column)}`;
    if (operator === "is") return `${name} is ${negated ? "not " : ""}${truth(value)}`;
    parameters.push(value);
    const type = `${typeOf(column)}${operator === "in" ? "[]" : ""}`;
    const parameter = `($${parameters.length}::text)::${type}`;
    const condition =
      operator === "in"
        ? `${name} = any(${parameter})`
        : `${name} ${OPERATORS[operator]} ${parameter}`;
    return negated ? `not coalesce(${condition}, false)` : condition;
  });
  return conditions.join(" and ") || "true";
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Splits at commas outside brackets and quotes. */
function splitFilters(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let part = "";
  for (const char of text) {
    if (char === '"') quoted = !quoted;
    if (!quoted && char === "(") depth++;
    if (!quoted && char === ")") depth--;
    if (char === "," && depth === 0 && !quoted) {
      parts.push(part);
      part = "";
    } else part += char;
  }
  return [...parts, part].filter((each) => each.trim() !== "");
}

function readValue(operator: string, raw: string): string {
  if (operator === "in") {
    if (!/^\(.*\)$/s.test(raw)) throw new Error("`in` filter value must be wrapped by parentheses");
    return `{${raw.slice(1, -1)}}`;
  }
  return /^".*"$/s.test(raw) ? raw.slice(1, -1).replace(/\\(.)/g, "$1") : raw;
}

function truth(value: string): string {
  if (!/^(null|true|false|unknown)$/.test(value)) throw new Error("invalid value for is filter");
  return value;
}
