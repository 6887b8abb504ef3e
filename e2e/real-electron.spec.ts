import { isRealElectron, needsRealElectron } from "./support/runtime.ts";
import { expect, test } from "./support/test.ts";

/** What only Electron itself has; on the Chromium host it is skipped, and said so. */
test.describe("on Electron itself", { tag: "@real" }, () => {
  test.beforeEach(() => test.skip(!isRealElectron(), needsRealElectron));

  test("every renderer runs in the operating system's sandbox", async ({ openWorkstation }) => {
    const { app, window } = await openWorkstation();
    await expect(window.getByRole("button", { name: "Sign in" })).toBeVisible();
    const metrics = await app.evaluate(({ app: electron }) => electron.getAppMetrics());
    const renderers = metrics.filter(({ type }) => type === "Tab");
    expect(renderers.length).toBeGreaterThan(0);
    test.skip(
      process.platform === "linux",
      "Electron reports the sandbox on Windows and macOS only",
    );
    expect(renderers.filter(({ sandboxed }) => !sandboxed)).toEqual([]);
  });

  test("no menu offers the developer's tools or a reload", async ({ openWorkstation }) => {
    const { app } = await openWorkstation();
    const roles = await app.evaluate(({ Menu }) => {
      const all: string[] = [];
      const visit = (menu: Electron.Menu | null | undefined) => {
        for (const item of menu?.items ?? []) {
          if (item.role) all.push(item.role.toLowerCase());
          visit(item.submenu);
        }
      };
      visit(Menu.getApplicationMenu());
      return all;
    });
    expect(roles.filter((role) => /devtools|reload/.test(role))).toEqual([]);
  });

  test("a second start shows the window that is open", async ({ openWorkstation, folder }) => {
    const { app } = await openWorkstation();
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
    await expect(openWorkstation({ folder })).rejects.toThrow();
    const isMinimized = () =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized());
    await expect.poll(isMinimized).toBe(false);
  });
});
