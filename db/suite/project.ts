import { readFileSync } from "node:fs";

export type Row = Record<string, unknown>;

/** One connection to a test database. Nothing is shared between two but the database. */
export interface Connection {
  /** Runs one statement; bigint and numeric arrive as text. */
  query<T = Row>(text: string, parameters?: unknown[]): Promise<T[]>;
  /** Runs one statement; gives how many rows it returned or changed. */
  count(text: string): Promise<number>;
  /** Runs several statements; gives the rows of the last one that has any. */
  exec(text: string): Promise<Row[]>;
}

/** An empty project with the schemas of Supabase (`fixture.sql`), made for one test. */
export interface Project extends Connection {
  /** Another connection as superuser; an engine with only one connection throws. */
  connect(): Promise<Connection>;
  /** Closes this project and keeps it as the template of later ones. */
  keep(): Promise<Template>;
  close(): Promise<void>;
}

/** A project as it was when it was kept; what it is, only its engine knows. */
export type Template = { readonly of: Blob | File | string };

export interface Engine {
  readonly name: string;
  /** Why this engine cannot run here; null if it can. */
  readonly absent: string | null;
  readonly concurrent: boolean;
  start(): Promise<void>;
  createProject(template?: Template): Promise<Project>;
  stop(): Promise<void>;
}

export const fixture = readFileSync(new URL("./fixture.sql", import.meta.url), "utf8");
