/**
 * Whether a transaction is visible in a PostgreSQL snapshot (`xmin:xmax:xip,…`), as
 * `pg_visible_in_snapshot` decides it. Asked only to tell a grant that came during the first pass
 * from one that the pass has covered.
 */
export function isVisibleIn(snapshot: string, xid: string): boolean {
  const [xmin = "0", xmax = "0", running = ""] = snapshot.split(":");
  const transaction = BigInt(xid);
  if (transaction < BigInt(xmin)) return true;
  if (transaction >= BigInt(xmax)) return false;
  return !running.split(",").includes(xid);
}

/** Whether a stored cursor has seen transactions that this server has not begun: another history. */
export const isAheadOf = (cursor: string, snapshot: string): boolean =>
  BigInt(cursor.split(":")[1] ?? "0") > BigInt(snapshot.split(":")[1] ?? "0");
