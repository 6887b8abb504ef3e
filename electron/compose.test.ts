import { describe, expect, it, vi } from "vitest";
import { DEMO_DOCTOR, DEMO_STRANGER } from "#db/seed/people.ts";
import { createTestPlatform } from "./platform/testing/test-platform.ts";
import { ClinicApp, until } from "./testing/clinic-app.ts";
import { faultOf, valueOf } from "./testing/workplace.ts";

const WORDS = "The rash on my left forearm is back";
const run = ClinicApp.use();

describe("the main job", () => {
  it("signs in, shows the day, starts a session, sends, ends it, and finds it in the history", async () => {
    await run.settle();
    const account = await run.account();
    expect(account.person).toMatchObject({ name: DEMO_DOCTOR.fullName, role: "doctor" });
    expect((await run.appointments()).length).toBeGreaterThan(3);

    const session = await run.startSession();
    const message = await run.send(session.id, WORDS);
    expect(message).toMatchObject({ delivery: "queued", content: WORDS });
    await until(async () => {
      expect((await run.messages(session.id)).find(({ id }) => id === message.id)).toMatchObject({
        delivery: "sent",
        content: WORDS,
      });
    });
    const rows = await run.clinic.sql(
      `select content from consultation_messages where id = '${message.id}'`,
    );
    expect(rows).toEqual([{ content: WORDS }]);

    valueOf(await run.app.request("session.touch", { sessionId: session.id }));
    valueOf(
      await run.app.command("session.end", {
        sessionId: session.id,
        durationSeconds: 1,
        notes: "Cream twice a day.",
      }),
    );
    await until(async () => {
      const found = valueOf(await run.app.query("sessions.get", { sessionId: session.id }));
      expect(found.session).toMatchObject({ status: "ended", endQueued: false });
    });
    const [row] = await run.clinic.sql(
      `select status, notes from consultation_sessions where id = '${session.id}'`,
    );
    expect(row).toEqual({ status: "ended", notes: "Cream twice a day." });
    const history = valueOf(await run.app.query("sessions.list", { limit: 50, before: null }));
    expect(history.items[0]).toMatchObject({ id: session.id, notes: "Cream twice a day." });
    expect(run.app.heard).toEqual(
      expect.arrayContaining(["account.changed", "messages.changed", "session.changed"]),
    );
  });

  it("pauses and resumes a session on the server and in the local copy", async () => {
    await run.settle();
    const { id: sessionId } = await run.startSession();
    for (const status of ["paused", "active"] as const) {
      const set = valueOf(await run.app.request("session.setStatus", { sessionId, status }));
      expect(set.status).toBe(status);
      const kept = valueOf(await run.app.query("sessions.get", { sessionId }));
      expect(kept.session.status).toBe(status);
      const [row] = await run.clinic.sql(
        `select status from consultation_sessions where id = '${sessionId}'`,
      );
      expect(row).toEqual({ status });
    }
  });

  it("keeps what is being typed through a restart", async () => {
    await run.settle();
    const { id: sessionId } = await run.startSession();
    valueOf(await run.app.command("draft.save", { sessionId, field: "notes", text: WORDS }));
    await run.restart();
    expect(valueOf(await run.app.query("drafts.get", { sessionId }))).toEqual({
      message: "",
      notes: WORDS,
    });
  });

  it("queues a message without network and delivers it once when the network is back", async () => {
    await run.settle();
    const session = await run.startSession();
    run.platform.online = false;
    const message = await run.send(session.id, WORDS);
    await until(async () =>
      expect(await run.sync()).toMatchObject({ connection: "offline", queued: 1, refused: 0 }),
    );
    expect(faultOf(await run.app.request("sync.now", {}))).toBe("offline");
    run.platform.online = true;
    valueOf(await run.app.request("sync.now", {}));
    await until(async () =>
      expect(await run.sync()).toMatchObject({ connection: "online", queued: 0 }),
    );
    const [row] = await run.clinic.sql(
      `select count(*)::int as n from consultation_messages where id = '${message.id}'`,
    );
    expect(row).toEqual({ n: 1 });
  });

  it("looks at the server as soon as the machine wakes up, and no more after quitting", async () => {
    await run.settle();
    const engine = run.app.services.accounts.desk()?.engine;
    if (!engine) throw new Error("nobody is signed in");
    const now = vi.spyOn(engine, "now");
    run.platform.wake();
    expect(now).toHaveBeenCalledTimes(1);
    await run.restart();
    run.platform.wake();
    expect(now).toHaveBeenCalledTimes(1);
  });

  it("lets a queued message be thrown away", async () => {
    await run.settle();
    const session = await run.startSession();
    run.platform.online = false;
    const message = await run.send(session.id, WORDS);
    await until(async () => expect(await run.sync()).toMatchObject({ connection: "offline" }));
    // While a try is under way it cannot be taken back.
    await until(async () => valueOf(await run.app.command("message.discard", { id: message.id })));
    expect(await run.messages(session.id)).toEqual([]);
    await until(async () => expect(await run.sync()).toMatchObject({ queued: 0 }));
  });

  it("reads everything again after a restart without network, and still knows who is signed in", async () => {
    await run.settle();
    const session = await run.startSession();
    await run.send(session.id, WORDS);
    await until(async () => expect((await run.messages(session.id))[0]?.delivery).toBe("sent"));

    run.platform.online = false;
    await run.restart();
    expect(await run.account()).toMatchObject({
      person: { id: DEMO_DOCTOR.id },
      email: DEMO_DOCTOR.email,
    });
    expect((await run.messages(session.id))[0]).toMatchObject({ content: WORDS });
    expect((await run.appointments()).length).toBeGreaterThan(3);
    const queued = await run.send(session.id, "written offline");

    await run.restart();
    expect((await run.messages(session.id)).at(-1)).toMatchObject({
      id: queued.id,
      delivery: "queued",
    });
    run.platform.online = true;
    await until(async () => expect((await run.messages(session.id)).at(-1)?.delivery).toBe("sent"));
  });
});

describe("whose data it is", () => {
  const PLAIN = { CONSULTING_ROOM_UNSAFE_PLAIN_CACHE: "1" };
  const sendWords = async () => {
    await run.settle();
    const session = await run.startSession();
    await run.send(session.id, WORDS);
    await until(async () => expect((await run.messages(session.id))[0]?.delivery).toBe("sent"));
  };

  it("leaves nothing of it readable on the disk: no word, no name, no token", async () => {
    await sendWords();
    expect(run.canRead(WORDS)).toBe(false);
    expect(run.canRead(DEMO_DOCTOR.email)).toBe(false);
    expect(run.canRead("refresh_token")).toBe(false);
  });

  it("would be seen on the disk with the encryption switched off", async () => {
    await run.moveTo(createTestPlatform(run.configured(PLAIN)));
    await sendWords();
    expect(run.canRead(WORDS)).toBe(true);
  });

  it("ignores that switch in an installed app", async () => {
    await run.moveTo(createTestPlatform({ ...run.configured(PLAIN), packaged: true }));
    await sendWords();
    expect(run.canRead(WORDS)).toBe(false);
  });

  it("clears the machine at sign-out, after asking about what is not sent", async () => {
    await run.settle();
    const session = await run.startSession();
    run.platform.online = false;
    await run.send(session.id, WORDS);
    expect(faultOf(await run.app.request("account.signOut", { discardUnsent: false }))).toBe(
      "unsent_work",
    );
    expect(run.files().some((file) => file.endsWith("key.bin"))).toBe(true);

    valueOf(await run.app.request("account.signOut", { discardUnsent: true }));
    expect(run.files().filter((file) => !file.includes("logs"))).toEqual([]);
    expect(await run.account()).toMatchObject({ person: null });
    expect(faultOf(await run.app.query("sessions.list", { limit: 10, before: null }))).toBe(
      "not_signed_in",
    );
    await run.restart();
    expect((await run.account()).person).toBeNull();
  });

  it("never shows one user what another one has read", async () => {
    await run.settle();
    const session = await run.startSession();
    await run.send(session.id, WORDS);
    await run.settle(DEMO_STRANGER);
    expect(await run.appointments()).toEqual([]);
    const history = valueOf(await run.app.query("sessions.list", { limit: 50, before: null }));
    expect(history.items).toEqual([]);
    const page = { sessionId: session.id, beforeSeq: null, limit: 10 };
    expect(faultOf(await run.app.query("messages.list", page))).toBe("not_found");
    expect(run.files().filter((file) => file.endsWith("key.bin"))).toHaveLength(2);
  });
});
