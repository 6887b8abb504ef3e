import { globSync, readFileSync } from "node:fs";
import { findImportFaults } from "./import-rules.ts";

const files = globSync("{shared,db,electron,renderer}/**/*.{ts,tsx}").map((path) =>
  path.replaceAll("\\", "/"),
);
const faults = files.flatMap((file) => findImportFaults(file, readFileSync(file, "utf8")));
for (const { file, specifier, why } of faults) console.error(`${file}: "${specifier}": ${why}`);
console.log(`imports: ${files.length} files, ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
