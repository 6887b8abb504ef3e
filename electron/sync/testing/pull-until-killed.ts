import { openCache } from "#electron/cache/cache.ts";
import { doctorId, workerUrl } from "#electron/cache/testing/test-store.ts";
import { pull } from "../pull.ts";
import { makeLongHistory } from "./long-history.ts";

// A process of its own that makes a first pull and prints how far it is, until it is killed or done.

const [folder = "", key = ""] = process.argv.slice(2);
const options = { folder, key: Buffer.from(key, "hex"), userId: doctorId, workerUrl };
const cache = await openCache(options);
await pull({
  cache,
  remote: makeLongHistory(),
  signal: new AbortController().signal,
  pageSize: 100,
  onChanged: () => {},
  onProgress: (rows) => process.stdout.write(`${rows}\n`),
});
await cache.close();
