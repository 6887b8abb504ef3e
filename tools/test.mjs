// `npm test`: installs what is missing, then goes on in test.ts on Node 24.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureDebianParts } from "./setup/debian.mjs";
import { ensurePackages } from "./setup/packages.mjs";
import { runOnNode24 } from "./setup/run-on-node24.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
ensurePackages(root);
await ensureDebianParts(["chromium", "xvfb", "fonts", "postgresql", "strace"]);
runOnNode24(root, "tools/test.ts");
