import { randomUUID } from "node:crypto";
import { type SupabaseClient, createClient } from "@supabase/supabase-js";
import { clinicScript } from "#db/local/demo.ts";
import { startLocalSupabase } from "#db/local/start.ts";
import { BadNetwork } from "./bad-network.ts";

export type TestPerson = {
  id: string;
  name: string;
  email: string;
  client: SupabaseClient;
  network: BadNetwork;
};

/** A project with the tables, to run a suite against. */
export interface TestProject {
  url: string;
  anonKey: string;
  /** Past row security, for what a suite has to arrange. */
  admin: SupabaseClient;
  /** True for the embedded backend, whose settings a suite may choose. */
  embedded: boolean;
  makePerson(role: "doctor" | "patient", name: string): Promise<TestPerson>;
  /** Signs the same person in once more, e.g. on another device. */
  another(person: TestPerson): Promise<TestPerson>;
  /** A client that nobody has signed in to. */
  anonymous(): SupabaseClient;
  makeAppointment(patient: TestPerson, doctor: TestPerson, startsAt?: Date): Promise<string>;
  close(): Promise<void>;
}

const must = <T extends { error: unknown }>(reply: T): T => {
  if (reply.error) throw reply.error;
  return reply;
};

export const PASSWORD = "long enough 1";

/**
 * Opens the embedded backend or, only in vitest's mode `conformance` (`npm run conformance`), the
 * project of SUPABASE_URL, SUPABASE_ANON_KEY and SUPABASE_SERVICE_KEY. There the script must have
 * been pasted, and people and appointments are made that stay: use a project for tests.
 */
export async function openTestProject(): Promise<TestProject> {
  const chosen = import.meta.env.MODE === "conformance";
  const local = chosen ? null : await startLocalSupabase({ script: [clinicScript()] });
  const { url, anonKey, serviceKey } = local ?? projectOfEnvironment();
  const clients: SupabaseClient[] = [];

  const connect = (key: string, network = new BadNetwork()): SupabaseClient => {
    const client = createClient(url, key, {
      auth: {
        persistSession: false,
        autoRefreshToken: false,
        detectSessionInUrl: false,
        storageKey: randomUUID(),
      },
      global: { fetch: network.fetch },
      realtime: { transport: network.transport },
    });
    clients.push(client);
    return client;
  };
  const admin = connect(serviceKey);
  const emails = new Map<string, string>();

  const createUser = async (email: string, name: string): Promise<string> => {
    if (local) {
      return (await local.createUser({ email, password: PASSWORD, fullName: name })).id;
    }
    const made = must(
      await admin.auth.admin.createUser({ email, password: PASSWORD, email_confirm: true }),
    );
    if (!made.data.user) throw new Error("no user was made");
    return made.data.user.id;
  };

  const signIn = async (id: string, name: string): Promise<TestPerson> => {
    const network = new BadNetwork();
    const client = connect(anonKey, network);
    const email = emails.get(id) ?? "";
    must(await client.auth.signInWithPassword({ email, password: PASSWORD }));
    return { id, name, email, client, network };
  };

  return {
    url,
    anonKey,
    admin,
    embedded: local !== null,
    async makePerson(role, name) {
      const email = `${role}-${randomUUID()}@example.org`;
      const id = await createUser(email, name);
      emails.set(id, email);
      must(await admin.from("profiles").insert({ id, full_name: name, role }));
      return signIn(id, name);
    },
    another: (person) => signIn(person.id, person.name),
    anonymous: () => connect(anonKey),
    async makeAppointment(patient, doctor, startsAt = new Date()) {
      const id = randomUUID();
      must(
        await admin.from("appointments").insert({
          id,
          patient_id: patient.id,
          doctor_id: doctor.id,
          starts_at: startsAt.toISOString(),
          duration_minutes: 20,
          type: "chat",
        }),
      );
      return id;
    },
    async close() {
      await Promise.all(clients.map((client) => client.removeAllChannels()));
      for (const client of clients) void client.realtime.disconnect();
      await local?.close();
    },
  };
}

function projectOfEnvironment(): { url: string; anonKey: string; serviceKey: string } {
  const { SUPABASE_URL, SUPABASE_ANON_KEY, SUPABASE_SERVICE_KEY } = process.env;
  if (!SUPABASE_URL || !SUPABASE_ANON_KEY || !SUPABASE_SERVICE_KEY) {
    throw new Error(
      "The conformance run needs SUPABASE_URL, SUPABASE_ANON_KEY and SUPABASE_SERVICE_KEY of a project for tests.",
    );
  }
  return { url: SUPABASE_URL, anonKey: SUPABASE_ANON_KEY, serviceKey: SUPABASE_SERVICE_KEY };
}

/** Waits until something holds; throws with `what` where it does not come true in time. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  withinMs = 10_000,
): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Waited in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}
