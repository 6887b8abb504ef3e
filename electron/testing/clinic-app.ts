import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";
import type { LocalSupabase } from "#db/local/start.ts";
import { DEMO_DOCTOR, DEMO_PATIENT } from "#db/seed/people.ts";
import { AppointmentId, newMessageId, type SessionId } from "#shared/model/ids.ts";
import {
  createTestPlatform,
  type TestPlatform,
  type TestPlatformOptions,
} from "#electron/platform/testing/test-platform.ts";
import { openWorkplace, startClinic, valueOf, type Workplace } from "./workplace.ts";

/** All appointments there are. */
const EVER = { from: "2000-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z" };

/** Asks again until the check passes. */
export const until = <T>(check: () => Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: 15_000, interval: 50 });

/** One clinic for a test file, and for each test a new machine on which the app was just started. */
export class ClinicApp {
  clinic!: LocalSupabase;
  platform!: TestPlatform;
  app!: Workplace;

  /** Registers the hooks of the test file and returns what its tests work with. */
  static use(): ClinicApp {
    const run = new ClinicApp();
    beforeAll(async () => {
      run.clinic = await startClinic();
    });
    afterAll(() => run.clinic?.close());
    beforeEach(() => run.startOn(createTestPlatform(run.configured())));
    afterEach(() => run.leaveMachine());
    return run;
  }

  /** A platform whose environment names the clinic's project. */
  configured(environment: Record<string, string> = {}): TestPlatformOptions {
    const { url, anonKey } = this.clinic;
    return {
      environment: { VITE_SUPABASE_URL: url, VITE_SUPABASE_ANON_KEY: anonKey, ...environment },
    };
  }

  startOn(platform: TestPlatform): void {
    this.platform = platform;
    this.app = openWorkplace(platform);
  }

  async leaveMachine(): Promise<void> {
    await this.app.services.close();
    this.platform.remove();
  }

  /** Goes to another machine and starts the app there. */
  async moveTo(platform: TestPlatform): Promise<void> {
    await this.leaveMachine();
    this.startOn(platform);
  }

  /** Quits the app and starts it again on the same machine. */
  async restart(): Promise<void> {
    await this.app.services.close();
    this.app = openWorkplace(this.platform);
  }

  async signIn(person = DEMO_DOCTOR) {
    const { email, password } = person;
    return valueOf(await this.app.request("account.signIn", { email, password }));
  }

  /** Signs in and waits for the first complete pull. */
  async settle(person = DEMO_DOCTOR): Promise<void> {
    await this.signIn(person);
    await until(async () => {
      const { connection, fault, asOf } = await this.sync();
      if (connection === "online" && fault === null && asOf !== null) return;
      throw new Error(`not settled: ${connection}, ${fault?.code}, as of ${asOf}`);
    });
  }

  async account() {
    return valueOf(await this.app.query("account.current", {}));
  }

  async sync() {
    return valueOf(await this.app.query("sync.state", {}));
  }

  async appointments() {
    return valueOf(await this.app.query("appointments.list", EVER)).items;
  }

  async messages(sessionId: SessionId) {
    const page = { sessionId, beforeSeq: null, limit: 100 };
    return valueOf(await this.app.query("messages.list", page)).messages;
  }

  /** Books an appointment for now and starts a chat on it. */
  async startSession() {
    const [booked] = await this.clinic.sql(`
      insert into appointments (id, patient_id, doctor_id, starts_at, duration_minutes, type, status)
      values (gen_random_uuid(), '${DEMO_PATIENT.id}', '${DEMO_DOCTOR.id}', now(), 15, 'chat', 'booked')
      returning id`);
    valueOf(await this.app.request("sync.now", {}));
    const start = { appointmentId: AppointmentId.parse(booked?.["id"]), type: "chat" } as const;
    return valueOf(await this.app.request("session.start", start));
  }

  async send(sessionId: SessionId, content: string) {
    const message = { id: newMessageId(), sessionId, content };
    return valueOf(await this.app.command("message.send", message));
  }

  /** Every file on the machine. */
  files(): string[] {
    return readdirSync(this.platform.paths.userData, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  }

  /** Whether a phrase can be read in any file, as UTF-8, UTF-16 or base64. */
  canRead(phrase: string): boolean {
    const forms = [
      Buffer.from(phrase),
      Buffer.from(phrase, "utf16le"),
      Buffer.from(Buffer.from(phrase).toString("base64").slice(0, -4)),
    ];
    return this.files().some((file) => {
      const bytes = readFileSync(file);
      return forms.some((form) => bytes.includes(form));
    });
  }
}
