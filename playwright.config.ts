import { defineConfig } from "@playwright/test";
import { findElectronRuntime } from "./tools/launch/electron-runtime.ts";

// The same files run on Electron where its binary can be had, else on the Chromium host.
Object.assign(process.env, findElectronRuntime().env);

export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/support/build-first.ts",
  outputDir: "out/e2e",
  // One clinic and one workstation at a time: they share the machine with a database and two browsers.
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: "list",
});
