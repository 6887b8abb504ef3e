import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { type Plugin, defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Web hosts serve `index.html` for a folder: the same page, under both names. */
const alsoAsIndex = (): Plugin => ({
  name: "also-as-index",
  enforce: "post",
  generateBundle(_options, bundle) {
    const page = bundle["patient.html"];
    if (page?.type !== "asset") throw new Error("patient.html was not built");
    this.emitFile({ type: "asset", fileName: "index.html", source: page.source });
  },
});

/** The patient page: static files that any web host can serve, from any folder. */
export default defineConfig({
  root: here("."),
  base: "./",
  // A clinic's VITE_SUPABASE_URL and VITE_SUPABASE_ANON_KEY stand in the project's own .env.
  envDir: here("../.."),
  plugins: [react(), alsoAsIndex()],
  resolve: { alias: { "@": here("..") } },
  build: {
    outDir: here("../../out/patient"),
    emptyOutDir: true,
    manifest: true,
    // What phones of the last years understand.
    target: ["chrome111", "firefox121", "safari17.4"],
    modulePreload: { polyfill: false },
    // Its weight is bounded by tools/check-bundle.ts.
    chunkSizeWarningLimit: 800,
    rollupOptions: { input: here("patient.html") },
  },
});
