import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { measureBundle } from "./measure-bundle.ts";

/** What a patient's phone may have to load before it stands in the room, in kilobytes gzipped. */
const LIMIT_KB = 260;

const folder = fileURLToPath(new URL("../out/patient/", import.meta.url));
const manifest: unknown = JSON.parse(readFileSync(`${folder}.vite/manifest.json`, "utf8"));
const { files, bytes } = measureBundle(manifest, ["patient.html", "Room.tsx"], (file) =>
  readFileSync(folder + file),
);

const kilobytes = (size: number) => (size / 1000).toFixed(1);
for (const { file, size } of files) console.log(`  ${kilobytes(size).padStart(7)} KB  ${file}`);
console.log(
  `patient page before a call: ${kilobytes(bytes)} KB of JS and CSS, gzipped (limit ${LIMIT_KB})`,
);
if (bytes > LIMIT_KB * 1000) {
  console.error(
    "Too heavy for a phone: load what the room does not need only when it is asked for.",
  );
  process.exitCode = 1;
}
