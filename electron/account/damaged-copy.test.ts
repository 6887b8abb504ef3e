import { randomBytes } from "node:crypto";
import { closeSync, openSync, statSync, writeSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ClinicApp, until } from "#electron/testing/clinic-app.ts";
import { openWorkplace, valueOf } from "#electron/testing/workplace.ts";

const run = ClinicApp.use();

/** Overwrites the last third of the local copy, as a failing disk does. */
function damageCopy(): void {
  const path = run.files().find((file) => file.endsWith("cache.db")) ?? "";
  const { size } = statSync(path);
  const length = Math.floor(size / 3);
  const fd = openSync(path, "r+");
  writeSync(fd, randomBytes(length), 0, length, size - length);
  closeSync(fd);
}

const sessions = async () =>
  valueOf(await run.app.query("sessions.list", { limit: 200, before: null })).items;

describe("a local copy that is damaged", () => {
  it("S23: is found and rebuilt by itself, and nothing unsent is lost", async () => {
    await run.settle();
    const session = await run.startSession();
    await until(async () => expect((await sessions()).length).toBeGreaterThan(1));
    const before = (await sessions()).length;
    run.platform.online = false;
    const queued = await run.send(session.id, "not sent yet");
    await run.app.services.close();
    damageCopy();
    run.platform.online = true;
    run.app = openWorkplace(run.platform, { checkAfterMs: 50 });
    await until(async () => {
      expect(await sessions()).toHaveLength(before);
      const { fault, connection } = await run.sync();
      expect({ fault, connection }).toEqual({ fault: null, connection: "online" });
      const found = (await run.messages(session.id)).filter(({ id }) => id === queued.id);
      expect(found).toMatchObject([{ content: "not sent yet", delivery: "sent" }]);
    });
    expect((await run.account()).person).not.toBeNull();
    expect(run.files().some((file) => file.endsWith("cache.damaged"))).toBe(false);
  });
});
