/**
 * Why the local store cannot do what it was asked.
 * `locked`: another process has this user's folder open. `wrong_key`: the key is not the one that
 * the folder was made with. `corrupt`: cache.db is damaged and can be rebuilt; `outbox_corrupt`:
 * outbox.db is damaged, and what can be read of it must be saved first. `other_user`: the folder
 * belongs to somebody else. `newer`: a newer version of the app wrote it.
 */
export type CacheErrorCode =
  | "locked"
  | "wrong_key"
  | "corrupt"
  | "outbox_corrupt"
  | "other_user"
  | "newer"
  | "disk_full"
  | "cancelled"
  | "closed"
  | "not_found"
  | "already_ended"
  | "on_its_way"
  | "unexpected";

/** A failure of the local store. Its text never holds a patient's words, nor SQL with values. */
export class CacheError extends Error {
  readonly code: CacheErrorCode;

  constructor(code: CacheErrorCode, message: string) {
    super(message);
    this.name = "CacheError";
    this.code = code;
  }
}

const sqliteCode = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

export const isCorruption = (error: unknown): boolean =>
  /^SQLITE_(NOTADB|CORRUPT|IOERR_SHORT_READ|IOERR_DATA)/.test(sqliteCode(error));

/** Names a driver's error by what the caller can do about it. */
export function toCacheError(error: unknown, file: "cache" | "outbox"): CacheError {
  if (error instanceof CacheError) return error;
  const code = sqliteCode(error);
  if (isCorruption(error)) {
    return new CacheError(file === "outbox" ? "outbox_corrupt" : "corrupt", `${file}.db: ${code}`);
  }
  if (code === "SQLITE_FULL") return new CacheError("disk_full", `${file}.db: the disk is full`);
  // A message of SQLite names tables and columns, never values; other errors may quote their input.
  const text = code === "" ? "a bug in the local store" : `${code}: ${(error as Error).message}`;
  return new CacheError("unexpected", text);
}
