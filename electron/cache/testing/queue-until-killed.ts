import { SessionId } from "#shared/model/ids.ts";
import { openCache } from "../cache.ts";
import { doctorId, newId, workerUrl } from "./test-store.ts";

// A process of its own that queues messages as fast as it can and prints each id once it was told
// that the message is queued, until it is killed or has done a thousand.

const [folder = "", key = "", session] = process.argv.slice(2);
const cache = await openCache({
  folder,
  key: Buffer.from(key, "hex"),
  userId: doctorId,
  workerUrl,
});
for (let count = 0; count < 1_000; count++) {
  const id = newId();
  await cache.write("message.queue", {
    id,
    sessionId: SessionId.parse(session),
    content: "unsent",
    senderName: "Dr Test",
  });
  process.stdout.write(`${id}\n`);
}
