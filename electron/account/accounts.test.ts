import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DEMO_DOCTOR, DEMO_PATIENT } from "#db/seed/people.ts";
import { sealedFile } from "#electron/platform/sealed-file.ts";
import { ClinicApp, until } from "#electron/testing/clinic-app.ts";
import { faultOf, valueOf } from "#electron/testing/workplace.ts";

const run = ClinicApp.use();
const { email, password } = DEMO_DOCTOR;

/** Quits the app, and starts it again after the access token has run out. */
async function restartNextMorning(): Promise<void> {
  await run.app.services.close();
  const { paths, keyring } = run.platform;
  const file = sealedFile(join(paths.userData, "account.bin"), keyring);
  const kept = JSON.parse(file.read() ?? "{}");
  const session = JSON.parse(kept.auth.session);
  kept.auth.session = JSON.stringify({ ...session, expires_at: 1_000 });
  file.write(JSON.stringify(kept));
  run.startOn(run.platform);
}

/** Long enough for the refresh that a start makes, and for what follows from its answer. */
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 1_000));

describe("a sign-in whose token has run out", () => {
  it("is renewed at the next start, with nothing asked", async () => {
    await run.settle();
    await restartNextMorning();
    await until(async () => expect((await run.sync()).connection).toBe("online"));
    expect((await run.account()).person).toMatchObject({ id: DEMO_DOCTOR.id });
  });

  it("lasts without network: the record stays readable", async () => {
    await run.settle();
    run.platform.online = false;
    await restartNextMorning();
    await aMoment();
    expect((await run.account()).person).toMatchObject({ id: DEMO_DOCTOR.id });
    expect((await run.appointments()).length).toBeGreaterThan(3);
  });

  it.each([
    ["a hotel's login page", () => new Response("<html>Welcome!</html>", { status: 200 })],
    ["a proxy's refusal", () => new Response("<html>Forbidden</html>", { status: 403 })],
    ["a rate limit", () => Response.json({ code: "over_request_rate_limit" }, { status: 429 })],
  ])("lasts through %s", async (_what, answer) => {
    await run.settle();
    run.platform.intercept = async () => answer();
    await restartNextMorning();
    await aMoment();
    expect(run.platform.requests.some((url) => url.includes("refresh_token"))).toBe(true);
    expect((await run.account()).person).toMatchObject({ id: DEMO_DOCTOR.id });
  });

  it("is closed when the auth server itself has ended it, and opened by the next sign-in", async () => {
    await run.settle();
    const session = await run.startSession();
    run.platform.online = false;
    const queued = await run.send(session.id, "not sent yet");
    await run.clinic.sql("delete from auth.refresh_tokens");
    run.platform.online = true;
    await restartNextMorning();
    await until(async () => expect((await run.account()).person).toBeNull());
    expect(faultOf(await run.app.query("sessions.list", { limit: 10, before: null }))).toBe(
      "not_signed_in",
    );
    await run.restart();
    expect(await run.account()).toMatchObject({ person: null, email });
    await run.signIn();
    expect((await run.messages(session.id)).some(({ id }) => id === queued.id)).toBe(true);
  });
});

describe("a clinician who is none any more", () => {
  it("loses the local copy when the server next says who he is", async () => {
    await run.settle();
    const role = (name: string) =>
      run.clinic.sql(`update profiles set role = '${name}' where id = '${DEMO_DOCTOR.id}'`);
    await role("patient");
    try {
      await run.restart();
      await until(async () => expect((await run.account()).person).toBeNull());
    } finally {
      await role("doctor");
    }
  });
});

describe("sign-out", () => {
  it("S19: keeps unsent work sealed until the same user is back, and removes what the server has", async () => {
    await run.settle();
    const session = await run.startSession();
    run.platform.online = false;
    const queued = await run.send(session.id, "kept for later");
    const notes = { sessionId: session.id, field: "notes", text: "half a thought" } as const;
    valueOf(await run.app.command("draft.save", notes));
    expect(faultOf(await run.app.request("account.signOut", { discardUnsent: false }))).toBe(
      "unsent_work",
    );
    const keep = { discardUnsent: false, keepUnsent: true };
    valueOf(await run.app.request("account.signOut", keep));
    expect(run.files().some((file) => file.endsWith("outbox.db"))).toBe(true);
    expect(run.files().filter((file) => file.includes("cache.db"))).toEqual([]);
    for (const words of ["kept for later", "half a thought"])
      expect(run.canRead(words)).toBe(false);
    await run.restart();
    expect(faultOf(await run.app.query("outbox.list", {}))).toBe("not_signed_in");
    run.platform.online = true;
    await run.settle();
    await until(async () => {
      const found = (await run.messages(session.id)).find(({ id }) => id === queued.id);
      expect(found).toMatchObject({ content: "kept for later", delivery: "sent" });
    });
    const drafts = valueOf(await run.app.query("drafts.get", { sessionId: session.id }));
    expect(drafts.notes).toBe("half a thought");
  });

  it("S19: asks about notes that were never saved, too", async () => {
    await run.settle();
    const session = await run.startSession();
    const notes = { sessionId: session.id, field: "notes", text: "half a thought" } as const;
    valueOf(await run.app.command("draft.save", notes));
    expect(faultOf(await run.app.request("account.signOut", { discardUnsent: false }))).toBe(
      "unsent_work",
    );
    valueOf(await run.app.command("end.discard", { sessionId: session.id }));
    valueOf(await run.app.request("account.signOut", { discardUnsent: false }));
  });

  it("can be had from a store that is broken, and leaves nothing behind", async () => {
    await run.settle();
    const desk = run.app.services.accounts.desk();
    if (desk === null) throw new Error("nobody is signed in");
    const { close } = desk;
    desk.cache = { ...desk.cache, read: () => Promise.reject(new Error("broken")) };
    desk.close = async () => {
      await close();
      throw new Error("broken");
    };
    // What waits cannot be counted, so it is asked first.
    expect(faultOf(await run.app.request("account.signOut", { discardUnsent: false }))).toBe(
      "unsent_work",
    );
    valueOf(await run.app.request("account.signOut", { discardUnsent: true }));
    const { userData } = run.platform.paths;
    expect(readdirSync(userData)).not.toContain("account.bin");
    expect(readdirSync(join(userData, "users"))).toEqual([]);
    await run.restart();
    expect((await run.account()).person).toBeNull();
  });
});

describe("sign-in", () => {
  it.each([
    [{ email, password: "wrong" }],
    [{ email: "nobody@clinic.example", password: "wrong" }],
  ])("answers wrong_credentials to %j", async (credentials) => {
    expect(faultOf(await run.app.request("account.signIn", credentials))).toBe("wrong_credentials");
    expect((await run.account()).person).toBeNull();
  });

  it("answers offline without network", async () => {
    run.platform.online = false;
    expect(faultOf(await run.app.request("account.signIn", { email, password }))).toBe("offline");
  });

  it("refuses a patient, whose place is the patient page, and keeps nothing of him", async () => {
    const patient = { email: DEMO_PATIENT.email, password: DEMO_PATIENT.password };
    expect(faultOf(await run.app.request("account.signIn", patient))).toBe("account_blocked");
    expect(readdirSync(run.platform.paths.userData)).not.toContain("users");
    await run.restart();
    expect((await run.account()).person).toBeNull();
  });

  it.each(["obfuscated", "unavailable"] as const)(
    "keeps nothing on a machine whose keyring is %s",
    async (strength) => {
      run.platform.keyringStrength = strength;
      await run.restart();
      expect(faultOf(await run.app.request("account.signIn", { email, password }))).toBe(
        "keyring_unavailable",
      );
      const kept = readdirSync(run.platform.paths.userData).filter((name) => name !== "logs");
      expect(kept).toEqual([]);
    },
  );

  it("starts anew where the keyring was reset, and can fetch everything again", async () => {
    await run.settle();
    const before = (await run.appointments()).length;
    await run.app.services.close();
    run.platform.resetKeyring();
    run.startOn(run.platform);
    expect((await run.account()).person).toBeNull();
    await run.settle();
    expect(await run.appointments()).toHaveLength(before);
  });

  it("refuses a second copy of the app that would open the same store", async () => {
    await run.settle();
    const first = run.app;
    try {
      run.startOn(run.platform);
      expect((await run.account()).person).toBeNull();
      expect(faultOf(await run.app.request("account.signIn", { email, password }))).toBe(
        "cache_locked",
      );
      await run.app.services.close();
    } finally {
      run.app = first;
    }
    expect(valueOf(await run.app.query("account.current", {})).person).not.toBeNull();
  });
});
