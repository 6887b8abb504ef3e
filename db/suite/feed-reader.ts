import { asUser } from "./engine.ts";
import type { Connection } from "./project.ts";

type Page = {
  columns: Record<string, string[]>;
  rows: [kind: string, xid: string, id: string, values: unknown[]][];
  next: { xid: string; id: string } | { seq: number } | null;
};

export type FeedRow = { kind: string; xid: string; id: string; row: Record<string, unknown> };

const NO_ID = "00000000-0000-0000-0000-000000000000";

const decode = (page: Page): FeedRow[] =>
  page.rows.map(([kind, xid, id, values]) => ({
    kind,
    xid,
    id,
    row: Object.fromEntries((page.columns[kind] ?? []).map((name, at) => [name, values[at]])),
  }));

async function call<T>(
  connection: Connection,
  userId: string,
  text: string,
  values: unknown[],
): Promise<T> {
  const [row] = await asUser(connection, userId, (sql) =>
    sql.query<{ answer: T }>(`select ${text} as answer`, values),
  );
  if (!row) throw new Error("no answer");
  return row.answer;
}

/** One whole pass of the feed, each page in a transaction of its own, as a cache pulls it. */
export async function pass(
  connection: Connection,
  userId: string,
  prev: string | null,
  pageSize = 1000,
): Promise<{ rows: FeedRow[]; snapshot: string; epoch: string; pages: number }> {
  const { snapshot, epoch } = await call<{ snapshot: string; epoch: string }>(
    connection,
    userId,
    "sync_snapshot()",
    [],
  );
  const rows: FeedRow[] = [];
  let after: Page["next"] = { xid: "0", id: NO_ID };
  let pages = 0;
  while (after && "xid" in after) {
    const page: Page = await call<Page>(connection, userId, "pull_since($1, $2, $3, $4)", [
      prev,
      after.xid,
      after.id,
      pageSize,
    ]);
    rows.push(...decode(page));
    after = page.next;
    pages += 1;
  }
  return { rows, snapshot, epoch, pages };
}

/** Everything of one session, page by page. */
export async function sessionPages(
  connection: Connection,
  userId: string,
  sessionId: string,
  pageSize = 1000,
): Promise<{ rows: FeedRow[]; pages: number }> {
  const rows: FeedRow[] = [];
  let after: Page["next"] = { seq: 0 };
  let pages = 0;
  while (after && "seq" in after) {
    const page: Page = await call<Page>(connection, userId, "pull_session($1, $2, $3)", [
      sessionId,
      after.seq,
      pageSize,
    ]);
    rows.push(...decode(page));
    after = page.next;
    pages += 1;
  }
  return { rows, pages };
}
