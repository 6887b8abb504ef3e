import { statement, type Readable } from "./database.ts";

/** The local key under which a session's messages lie, or null where none was given yet. */
export function findSessionKey(db: Readable<"cache">, sessionId: string): number | null {
  const row = statement<{ key: number }>(db, "select key from session_keys where id = ?").get(
    sessionId,
  );
  return row?.key ?? null;
}
