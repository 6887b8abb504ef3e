import type { Database } from "../database.ts";
import { report } from "../quiet.ts";
import type { Realtime } from "./realtime.ts";

type Message = {
  id: string;
  event: string;
  payload: string | null;
  binary: Uint8Array | null;
  topic: string;
  private: boolean;
};

/** Delivers what `realtime.send` and `realtime.broadcast_changes` wrote, once it is committed. */
export function listenForMessages(database: Database, realtime: Realtime): Promise<void> {
  let tail: Promise<void> = Promise.resolve();
  return database.listen("_realtime_message", (id) => {
    tail = tail
      .then(() => deliver(database, realtime, id))
      .catch((error) => report("A broadcast was not delivered", error));
  });
}

async function deliver(database: Database, realtime: Realtime, id: string): Promise<void> {
  const [message] = await database.query<Message>(
    `select id, event, payload::text as payload, binary_payload as binary, topic, private
     from realtime.messages where id = $1`,
    [id],
  );
  if (!message || !realtime.takeDatabaseMessage()) return;
  const { event, binary, topic } = message;
  const body = binary ? Buffer.from(binary) : Buffer.from(message.payload ?? "null");
  realtime.rooms.broadcast(`${message.private}:${topic}`, {
    payload: null,
    broadcast: { event, isJson: !binary, body, meta: { id: message.id } },
  });
}
