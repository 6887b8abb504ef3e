import { openWritable } from "../database.ts";
import { migrate } from "../migrate.ts";
import { steps } from "./test-migration.ts";

// A process of its own that migrates a file and prints how far it is, until it is killed or done.

const [path = "", key = ""] = process.argv.slice(2);
const db = openWritable({ path, file: "cache", key: Buffer.from(key, "hex") });
migrate(db, "cache", steps, ({ done, total }) => process.stdout.write(`${done} ${total}\n`));
db.close();
