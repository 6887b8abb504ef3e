import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What a clinic's own Vite app needs for the guide's snippets: React, and `@/`. */
export default defineConfig({
  root: here("."),
  plugins: [react()],
  resolve: { alias: { "@": here("../../renderer"), guide: here("../../out/guide-app/guide") } },
  build: { minify: false },
  logLevel: "warn",
});
