import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { LocalSupabase } from "#db/local/start.ts";
import { DEMO_DOCTOR, people, DEMO_STRANGER } from "#db/seed/people.ts";
import { newMessageId } from "#shared/model/ids.ts";
import { sealedFile } from "./platform/sealed-file.ts";
import { createTestPlatform, type TestPlatform } from "./platform/testing/test-platform.ts";
import {
  faultOf,
  openWorkplace,
  startClinic,
  valueOf,
  type Workplace,
} from "./testing/workplace.ts";

const WORDS = "The rash on my left forearm is back";
const ever = { from: "2000-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z" };

let clinic: LocalSupabase;
beforeAll(async () => {
  clinic = await startClinic();
});
afterAll(() => clinic?.close());

let platform: TestPlatform;
let app: Workplace;
const configured = () => ({
  VITE_SUPABASE_URL: clinic.url,
  VITE_SUPABASE_ANON_KEY: clinic.anonKey,
});

beforeEach(async () => {
  platform = createTestPlatform({ environment: configured() });
  app = await openWorkplace(platform);
});
afterEach(async () => {
  await app.services.close();
  platform.remove();
});

const until = <T>(check: () => Promise<T>) => vi.waitFor(check, { timeout: 15_000, interval: 50 });

const signIn = async (person = DEMO_DOCTOR) =>
  valueOf(await app.request("account.signIn", { email: person.email, password: person.password }));

/** Signs in and waits for the first complete pull. */
const settle = async (person = DEMO_DOCTOR) => {
  await signIn(person);
  await until(async () => {
    const state = valueOf(await app.query("sync.state", {}));
    expect(state).toMatchObject({ connection: "online", fault: null });
    expect(state.asOf).not.toBeNull();
  });
};

const restart = async () => {
  await app.services.close();
  app = await openWorkplace(platform);
};

const appointments = async () => valueOf(await app.query("appointments.list", ever)).items;

const startSession = async () => {
  const free = (await appointments()).find(({ session }) => session === null);
  if (!free) throw new Error("the invented clinic has no free appointment");
  return valueOf(await app.request("session.start", { appointmentId: free.id, type: "chat" }));
};

const send = async (sessionId: Parameters<typeof list>[0], content = WORDS) =>
  valueOf(await app.command("message.send", { id: newMessageId(), sessionId, content }));

const list = async (sessionId: Awaited<ReturnType<typeof startSession>>["id"]) =>
  valueOf(await app.query("messages.list", { sessionId, beforeSeq: null, limit: 100 })).messages;

describe("the main job", () => {
  it("signs in, shows the day, starts a session, sends, ends it, and finds it in the history", async () => {
    const account = await signIn();
    expect(account.person).toMatchObject({ name: DEMO_DOCTOR.fullName, role: "doctor" });
    await settle();
    expect((await appointments()).length).toBeGreaterThan(3);

    const session = await startSession();
    const message = await send(session.id);
    expect(message).toMatchObject({ delivery: "queued", content: WORDS });
    await until(async () => {
      expect((await list(session.id)).find(({ id }) => id === message.id)).toMatchObject({
        delivery: "sent",
        content: WORDS,
      });
    });
    const rows = await clinic.sql(
      `select content from consultation_messages where id = '${message.id}'`,
    );
    expect(rows).toEqual([{ content: WORDS }]);

    valueOf(await app.request("session.touch", { sessionId: session.id }));
    valueOf(
      await app.command("session.end", {
        sessionId: session.id,
        durationSeconds: 1,
        notes: "Cream twice a day.",
      }),
    );
    await until(async () => {
      const found = valueOf(await app.query("sessions.get", { sessionId: session.id }));
      expect(found.session).toMatchObject({ status: "ended", endQueued: false });
    });
    const [row] = await clinic.sql(
      `select status, notes from consultation_sessions where id = '${session.id}'`,
    );
    expect(row).toEqual({ status: "ended", notes: "Cream twice a day." });
    const history = valueOf(await app.query("sessions.list", { limit: 50, before: null }));
    expect(history.items[0]).toMatchObject({ id: session.id, notes: "Cream twice a day." });
    expect(app.heard).toEqual(
      expect.arrayContaining(["account.changed", "messages.changed", "session.changed"]),
    );
  });

  it("queues a message without network and delivers it once when the network is back", async () => {
    await settle();
    const session = await startSession();
    platform.online = false;
    const message = await send(session.id);
    await until(async () => {
      const state = valueOf(await app.query("sync.state", {}));
      expect(state).toMatchObject({ connection: "offline", queued: 1, refused: 0 });
    });
    platform.online = true;
    valueOf(await app.request("sync.now", {}));
    await until(async () => {
      const state = valueOf(await app.query("sync.state", {}));
      expect(state).toMatchObject({ connection: "online", queued: 0 });
    });
    const [row] = await clinic.sql(
      `select count(*)::int as n from consultation_messages where id = '${message.id}'`,
    );
    expect(row).toEqual({ n: 1 });
  });

  it("reads everything again after a restart without network, and still knows who is signed in", async () => {
    await settle();
    const session = await startSession();
    await send(session.id);
    await until(async () => expect((await list(session.id))[0]?.delivery).toBe("sent"));

    platform.online = false;
    await restart();
    const account = valueOf(await app.query("account.current", {}));
    expect(account).toMatchObject({ person: { id: DEMO_DOCTOR.id }, email: DEMO_DOCTOR.email });
    expect((await list(session.id))[0]).toMatchObject({ content: WORDS });
    expect((await appointments()).length).toBeGreaterThan(3);
    const queued = await send(session.id, "written offline");

    await restart();
    expect((await list(session.id)).at(-1)).toMatchObject({ id: queued.id, delivery: "queued" });
    platform.online = true;
    await until(async () => expect((await list(session.id)).at(-1)?.delivery).toBe("sent"));
  });
});

describe("whose data it is", () => {
  const files = () =>
    readdirSync(platform.paths.userData, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  const finds = (phrase: string) =>
    files().some((file) => {
      const bytes = readFileSync(file);
      return (
        bytes.includes(phrase) ||
        bytes.includes(Buffer.from(phrase, "utf16le")) ||
        bytes.includes(Buffer.from(phrase).toString("base64").slice(0, -4))
      );
    });

  it("leaves nothing of it readable on the disk: no word, no name, no token", async () => {
    await settle();
    const session = await startSession();
    await send(session.id);
    await until(async () => expect((await list(session.id))[0]?.delivery).toBe("sent"));
    expect(finds(WORDS)).toBe(false);
    expect(finds(DEMO_DOCTOR.email)).toBe(false);
    expect(finds("refresh_token")).toBe(false);
  });

  it("would be seen on the disk with the encryption switched off", async () => {
    const open = createTestPlatform({
      environment: { ...configured(), CONSULTING_ROOM_UNSAFE_PLAIN_CACHE: "1" },
    });
    await app.services.close();
    platform.remove();
    platform = open;
    app = await openWorkplace(open);
    await settle();
    const session = await startSession();
    await send(session.id);
    expect(finds(WORDS)).toBe(true);
  });

  it("ignores that switch in an installed app", async () => {
    await app.services.close();
    platform.remove();
    platform = createTestPlatform({
      packaged: true,
      environment: { ...configured(), CONSULTING_ROOM_UNSAFE_PLAIN_CACHE: "1" },
    });
    app = await openWorkplace(platform);
    await settle();
    const session = await startSession();
    await send(session.id);
    expect(finds(WORDS)).toBe(false);
  });

  it("clears the machine at sign-out, after asking about what is not sent", async () => {
    await settle();
    const session = await startSession();
    platform.online = false;
    await send(session.id);
    expect(faultOf(await app.request("account.signOut", { discardUnsent: false }))).toBe(
      "unsent_work",
    );
    expect(files().some((file) => file.endsWith("key.bin"))).toBe(true);

    valueOf(await app.request("account.signOut", { discardUnsent: true }));
    expect(files().filter((file) => !file.includes("logs"))).toEqual([]);
    expect(valueOf(await app.query("account.current", {}))).toMatchObject({ person: null });
    expect(faultOf(await app.query("sessions.list", { limit: 10, before: null }))).toBe(
      "not_signed_in",
    );
    await restart();
    expect(valueOf(await app.query("account.current", {})).person).toBeNull();
  });

  it("never shows one user what another one has read", async () => {
    await settle();
    const session = await startSession();
    await send(session.id);
    await settle(DEMO_STRANGER);
    expect(await appointments()).toEqual([]);
    expect(valueOf(await app.query("sessions.list", { limit: 50, before: null })).items).toEqual(
      [],
    );
    expect(
      faultOf(
        await app.query("messages.list", { sessionId: session.id, beforeSeq: null, limit: 10 }),
      ),
    ).toBe("not_found");
    expect(files().filter((file) => file.endsWith("key.bin"))).toHaveLength(2);
  });
});

describe("a sign-in whose token has run out", () => {
  /** Quits the app, and starts it again after the access token has run out. */
  const restartNextMorning = async () => {
    await app.services.close();
    const file = sealedFile(join(platform.paths.userData, "account.bin"), platform.keyring);
    const kept = JSON.parse(file.read() ?? "{}");
    const session = JSON.parse(kept.auth.session);
    kept.auth.session = JSON.stringify({ ...session, expires_at: 1_000 });
    file.write(JSON.stringify(kept));
    app = await openWorkplace(platform);
  };
  const person = async () => valueOf(await app.query("account.current", {})).person;
  /** Long enough for the refresh that a start makes, and for what follows from its answer. */
  const aMoment = () => new Promise((resolve) => setTimeout(resolve, 1_000));

  it("is renewed at the next start, with nothing asked", async () => {
    await settle();
    await restartNextMorning();
    await until(async () =>
      expect(valueOf(await app.query("sync.state", {})).connection).toBe("online"),
    );
    expect(await person()).toMatchObject({ id: DEMO_DOCTOR.id });
  });

  it("lasts without network: the record stays readable", async () => {
    await settle();
    platform.online = false;
    await restartNextMorning();
    await aMoment();
    expect(await person()).toMatchObject({ id: DEMO_DOCTOR.id });
    expect((await appointments()).length).toBeGreaterThan(3);
  });

  it.each([
    ["a hotel's login page", () => new Response("<html>Welcome!</html>", { status: 200 })],
    ["a proxy's refusal", () => new Response("<html>Forbidden</html>", { status: 403 })],
    ["a rate limit", () => Response.json({ code: "over_request_rate_limit" }, { status: 429 })],
  ])("lasts through %s", async (_what, answer) => {
    await settle();
    platform.intercept = async () => answer();
    await restartNextMorning();
    await aMoment();
    expect(platform.requests.some((url) => url.includes("refresh_token"))).toBe(true);
    expect(await person()).toMatchObject({ id: DEMO_DOCTOR.id });
  });

  it("is closed when the auth server itself has ended it, and opened by the next sign-in", async () => {
    await settle();
    const session = await startSession();
    platform.online = false;
    const queued = await send(session.id);
    await clinic.sql("delete from auth.refresh_tokens");
    platform.online = true;
    await restartNextMorning();
    await until(async () => expect(await person()).toBeNull());
    expect(faultOf(await app.query("sessions.list", { limit: 10, before: null }))).toBe(
      "not_signed_in",
    );
    await restart();
    expect(valueOf(await app.query("account.current", {}))).toMatchObject({
      person: null,
      email: DEMO_DOCTOR.email,
    });
    await signIn();
    expect((await list(session.id)).some(({ id }) => id === queued.id)).toBe(true);
  });
});

describe("sign-in", () => {
  it.each([
    ["wrong_credentials", { email: DEMO_DOCTOR.email, password: "wrong" }],
    ["wrong_credentials", { email: "nobody@clinic.example", password: "wrong" }],
  ])("answers %s", async (code, credentials) => {
    expect(faultOf(await app.request("account.signIn", credentials))).toBe(code);
    expect(valueOf(await app.query("account.current", {})).person).toBeNull();
  });

  it("answers offline without network", async () => {
    platform.online = false;
    const { email, password } = DEMO_DOCTOR;
    expect(faultOf(await app.request("account.signIn", { email, password }))).toBe("offline");
  });

  it("refuses a patient, whose place is the patient page, and keeps nothing of him", async () => {
    const patient = people.find(({ role }) => role === "patient") ?? DEMO_DOCTOR;
    const { email, password } = patient;
    expect(faultOf(await app.request("account.signIn", { email, password }))).toBe(
      "account_blocked",
    );
    expect(readdirSync(platform.paths.userData)).not.toContain("users");
    await restart();
    expect(valueOf(await app.query("account.current", {})).person).toBeNull();
  });

  it.each(["obfuscated", "unavailable"] as const)(
    "keeps nothing on a machine whose keyring is %s",
    async (strength) => {
      platform.keyringStrength = strength;
      await restart();
      const { email, password } = DEMO_DOCTOR;
      expect(faultOf(await app.request("account.signIn", { email, password }))).toBe(
        "keyring_unavailable",
      );
      expect(readdirSync(platform.paths.userData).filter((name) => name !== "logs")).toEqual([]);
    },
  );

  it("starts anew where the keyring was reset, and can fetch everything again", async () => {
    await settle();
    const before = (await appointments()).length;
    await app.services.close();
    platform.resetKeyring();
    app = await openWorkplace(platform);
    expect(valueOf(await app.query("account.current", {})).person).toBeNull();
    await settle();
    expect(await appointments()).toHaveLength(before);
  });
});

describe("the first start", () => {
  beforeEach(async () => {
    await app.services.close();
    platform.remove();
    platform = createTestPlatform();
    app = await openWorkplace(platform);
  });

  it("says that nothing is configured", async () => {
    expect(valueOf(await app.query("account.current", {}))).toMatchObject({ configured: false });
    const { email, password } = DEMO_DOCTOR;
    expect(faultOf(await app.request("account.signIn", { email, password }))).toBe(
      "not_configured",
    );
  });

  it("tests the project, keeps it sealed, and finds it at the next start", async () => {
    const project = { url: clinic.url, anonKey: clinic.anonKey };
    const { checks } = valueOf(await app.request("setup.test", project));
    expect(checks.map(({ name, ok }) => [name, ok])).toEqual([
      ["url", true],
      ["key", true],
      ["reachable", true],
      ["tables", true],
      ["realtime", true],
    ]);
    valueOf(await app.request("setup.save", project));
    const saved = readFileSync(join(platform.paths.userData, "project.bin"));
    expect(saved.includes(clinic.anonKey)).toBe(false);
    await restart();
    expect(valueOf(await app.query("account.current", {}))).toMatchObject({
      configured: true,
      server: new URL(clinic.url).host,
    });
    await signIn();
  });

  it.each([
    ["secret_key", (url: string) => ({ url, anonKey: "sb_secret_0123456789abcdef" })],
    ["insecure_url", () => ({ url: "http://clinic.example", anonKey: clinic.anonKey })],
    ["invalid_url", () => ({ url: "not a url", anonKey: clinic.anonKey })],
    ["invalid_key", (url: string) => ({ url, anonKey: "abc" })],
  ])("refuses to keep %s", async (code, project) => {
    expect(faultOf(await app.request("setup.save", project(clinic.url)))).toBe(code);
    const { checks } = valueOf(await app.request("setup.test", project(clinic.url)));
    expect(checks.filter(({ ok }) => !ok).map(({ fault }) => fault)).toEqual([code]);
    expect(readdirSync(platform.paths.userData)).not.toContain("project.bin");
  });
});
