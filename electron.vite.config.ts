import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "electron-vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  main: {
    // What is in "dependencies" stays outside (native code); everything else is bundled.
    build: {
      externalizeDeps: true,
      outDir: "out/main",
      rollupOptions: {
        input: {
          main: here("electron/main.ts"),
          "cache-worker": here("electron/cache/worker.ts"),
        },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      outDir: "out/preload",
      rollupOptions: {
        input: here("electron/preload.ts"),
        // A sandboxed preload must be CommonJS.
        output: { format: "cjs", entryFileNames: "[name].cjs" },
      },
    },
  },
  renderer: {
    root: "renderer/workstation",
    plugins: [react()],
    resolve: { alias: { "@": here("renderer") } },
    build: {
      outDir: "out/renderer",
      // electron-vite leaves it off; the window's first paint waits for these bytes.
      minify: true,
      rollupOptions: { input: here("renderer/workstation/index.html") },
    },
  },
});
