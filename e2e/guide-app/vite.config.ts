import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What a clinic's own Vite app needs for the guide's snippets: React, and `@/`. */
export default defineConfig({
  root: here("."),
  // Its VITE_SUPABASE_URL and VITE_SUPABASE_ANON_KEY.
  envDir: here("../../out/guide-app"),
  plugins: [react()],
  resolve: { alias: { "@": here("../../renderer"), guide: here("../../out/guide-app/guide") } },
  build: { outDir: here("../../out/guide-app/dist"), emptyOutDir: true, minify: false },
  logLevel: "warn",
});
