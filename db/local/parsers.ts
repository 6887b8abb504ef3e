/**
 * How values leave the database, by type id.
 *
 * PostgREST lets PostgreSQL write the JSON; lite builds it from the driver's
 * values, where PGlite gives `2026-11-22 06:36:42.301+00` for a timestamptz.
 */
export const parsers: Record<number, (value: string) => unknown> = {
  1184: (value) => value.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00"),
  1114: (value) => value.replace(" ", "T"),
  1700: (value) => (value === "NaN" || !Number.isFinite(Number(value)) ? value : Number(value)),
};
