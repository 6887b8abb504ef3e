import { randomUUID } from "node:crypto";
import { actAs, type Database } from "../database.ts";
import type { Claims } from "../jwt.ts";
import type { Extension } from "./channel.ts";

/**
 * Asks row security on `realtime.messages` what a subscriber may read on a
 * topic: could he select a message of each kind that were there?
 */
export function mayRead(
  database: Database,
  claims: Claims,
  topic: string,
): Promise<Record<Extension, boolean>> {
  return database.probe(async (session) => {
    const [broadcast, presence] = [randomUUID(), randomUUID()];
    await session.query(
      "insert into realtime.messages (id, topic, extension) values ($1, $3, 'broadcast'), ($2, $3, 'presence')",
      [broadcast, presence, topic],
    );
    await actAs(session, claims, topic);
    const seen = await session.query<{ id: string }>(
      "select id from realtime.messages where id in ($1, $2)",
      [broadcast, presence],
    );
    const ids = new Set(seen.map((row) => row.id));
    return { broadcast: ids.has(broadcast), presence: ids.has(presence) };
  });
}

/** Asks row security whether a subscriber could insert a message on a topic. */
export async function mayWrite(
  database: Database,
  claims: Claims,
  topic: string,
  extension: Extension,
): Promise<boolean> {
  try {
    return await database.probe(async (session) => {
      await actAs(session, claims, topic);
      await session.query("insert into realtime.messages (topic, extension) values ($1, $2)", [
        topic,
        extension,
      ]);
      return true;
    });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "42501") return false;
    throw error;
  }
}
