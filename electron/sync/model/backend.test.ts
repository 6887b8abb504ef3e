import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clinicScript } from "#db/local/demo.ts";
import { startLocalSupabase, type LocalSupabase } from "#db/local/start.ts";
import { connect, CuttableSocket } from "#db/local/testing/clients.ts";
import type { Reading } from "#electron/cache/stores.ts";
import { createRemote } from "#electron/remote/remote.ts";
import { MessageId, SessionId, UserId } from "#shared/model/ids.ts";
import { openSession, toSql, type Parties } from "./backend-acts.ts";
import { DiskClient } from "./disk-client.ts";
import { FaultyRemote } from "./faulty-remote.ts";
import { findDifferences } from "./invariants.ts";
import { intact, mutations, type Mutation } from "./mutations.ts";
import { longSchedules, type Command, type Schedule } from "./schedule.ts";
import type { Kind, Version } from "./sim-server.ts";
import { PLACES } from "./writer-acts.ts";

// The same schedules on the real parts: the product's SQL, row security, REST and Realtime of the
// embedded backend; the real files, worker threads and connection. A kill takes the files as they lie.
// `SYNC_BACKEND_SCHEDULES` says how many; a failure names its seed and path.

const numRuns = Number(process.env["SYNC_BACKEND_SCHEDULES"] ?? 3);
const seed = Number(process.env["SYNC_SEED"] ?? Date.now() % 2 ** 31);
const path = process.env["SYNC_PATH"];
const PASSWORD = "long enough 1";

let backend: LocalSupabase;
const parties: Omit<Parties, "doctor"> = { other: randomUUID(), patient: randomUUID() };
const sum = { commands: 0, kills: 0, faults: 0, rows: 0, messages: 0 };

beforeAll(async () => {
  backend = await startLocalSupabase({ script: [clinicScript()] });
  for (const [name, id] of Object.entries(parties)) await addPerson(id, name);
});
afterAll(() => backend.close());

async function addPerson(id: string, name: string): Promise<string> {
  const email = `${id}@example.org`;
  await backend.createUser({ id, email, password: PASSWORD, fullName: name });
  const role = name === "patient" ? "patient" : "doctor";
  await backend.sql(
    `insert into profiles (id, full_name, role) values ('${id}', '${name}', '${role}')`,
  );
  return email;
}

const ignore = (): void => {};

/** Asks the server as the user himself, over REST, under row security. */
async function listVisible(client: ReturnType<typeof connect>): Promise<Version[]> {
  const ask = async (kind: Kind, table: string, idOf: (row: Row) => [unknown, unknown]) => {
    const { data, error } = await client.from(table).select("*").limit(1000);
    if (error) throw error;
    return (data as Row[]).map((row): Version => {
      const [id, sessionId] = idOf(row).map(String) as [string, string];
      return { kind, id, sessionId: SessionId.parse(sessionId), xid: 0, row };
    });
  };
  return [
    ...(await ask("session", "consultation_sessions", ({ id }) => [id, id])),
    ...(await ask("message", "consultation_messages", (row) => [row["id"], row["session_id"]])),
    ...(await ask("access", "consultation_access", (row) => [
      row["session_id"],
      row["session_id"],
    ])),
  ];
}
type Row = Record<string, unknown> & { rev: number };

class Run {
  readonly #connection = connect(backend, backend.anonKey);
  readonly #network = new FaultyRemote();
  readonly #doctor = randomUUID();
  readonly #sessions = Array.from({ length: PLACES }, () => SessionId.parse(randomUUID()));
  readonly #written: { id: MessageId; content: string; sessionId: SessionId }[] = [];
  readonly #gone = new Set<string>();
  readonly client: DiskClient;
  #batches: (string[] | null)[] = [null, null, null];

  constructor(mutation: Mutation) {
    const userId = UserId.parse(this.#doctor);
    this.client = new DiskClient(userId, () =>
      this.#network.wrap(mutation.remote(createRemote(this.#connection, userId))),
    );
  }

  async begin(): Promise<void> {
    const email = await addPerson(this.#doctor, `Dr ${this.#doctor.slice(0, 8)}`);
    const { error } = await this.#connection.auth.signInWithPassword({ email, password: PASSWORD });
    if (error) throw error;
    await this.#connection.realtime.setAuth();
    const { other, patient } = parties;
    for (const [place, sessionId] of this.#sessions.slice(0, 4).entries()) {
      await backend.sql(openSession(sessionId, place < 2 ? this.#doctor : other, patient));
      for (const turn of [1, 2]) await this.#act("say", sessionId, turn, `first ${place} ${turn}`);
      if (place === 2) await this.#act("grant", sessionId, 0, "");
    }
    await this.client.start();
  }

  #act = (...args: [Parameters<typeof toSql>[0], string, number, string]) =>
    backend.sql(toSql(...args, { ...parties, doctor: this.#doctor }));

  async command(command: Command, at: number): Promise<void> {
    sum.commands += 1;
    switch (command.do) {
      case "act": {
        const sessionId = this.#sessions[command.place] ?? "";
        const text = toSql(command.act, sessionId, command.pick, `text ${at}`, {
          ...parties,
          doctor: this.#doctor,
        });
        const batch = this.#batches[command.writer];
        if (batch) batch.push(text);
        else await this.#run(text);
        break;
      }
      case "begin":
        this.#batches[command.writer] ??= [];
        break;
      case "commit":
      case "rollback": {
        const batch = this.#batches[command.writer] ?? [];
        this.#batches[command.writer] = null;
        // One connection: what a writer did is done at its end, all of it or nothing.
        const end = command.do === "commit" ? "" : "; select 1 / 0";
        if (batch.length > 0) await this.#run(batch.join(";\n") + end);
        break;
      }
      case "steps":
        // Real calls are few: what goes wrong is not spread over more that goes right.
        this.#network.fates.push(
          ...command.steps.flatMap(([, fate]) => (fate === "arrives" ? [] : [fate])),
        );
        await sleep(command.steps.length);
        break;
      case "flow":
        await this.client.flow(command.steps * 5);
        break;
      case "write": {
        const id = MessageId.parse(randomUUID());
        // Only into those that he may see at first; the others come by their acts.
        const sessionId = this.#sessions[command.place % 3] ?? SessionId.parse(randomUUID());
        const content = `own words ${at}`;
        const message = { id, sessionId, content, senderName: "Dr Test" };
        if (await this.client.person((cache) => cache.write("message.queue", message))) {
          this.#written.push({ id, content, sessionId });
        }
        break;
      }
      case "end": {
        const sessionId = this.#sessions[command.place] ?? SessionId.parse(randomUUID());
        const end = { sessionId, durationSeconds: 1, notes: `notes ${at}` };
        await this.client.person((cache) => cache.write("end.queue", end));
        break;
      }
      case "discard": {
        const { id } = this.#written[command.pick % Math.max(1, this.#written.length)] ?? {};
        if (id && (await this.client.person((cache) => cache.write("message.discard", { id })))) {
          this.#gone.add(id);
        }
        break;
      }
      case "retry": {
        const { id } = this.#written[command.pick % Math.max(1, this.#written.length)] ?? {};
        if (id) await this.client.person((cache) => cache.write("message.retry", { id }));
        break;
      }
      case "kill":
      case "killInside":
      case "cutPower":
        await this.client.kill();
        break;
      case "start":
        await this.client.start();
        break;
      case "cutConnections":
        CuttableSocket.cutAll();
        break;
      case "restore":
        await backend.sql("select consultation_private.begin_new_epoch()");
        break;
      default:
        await sleep(3);
    }
  }

  /** An act that the database's rules refuse is not done. */
  async #run(text: string): Promise<void> {
    await backend.sql(text).catch(ignore);
  }

  async checkEnd(): Promise<void> {
    this.#network.fates = [];
    await this.client.start();
    await sleep(50);
    const look = async (): Promise<string[]> => {
      await this.client.flow();
      const visible = await listVisible(this.#connection);
      const rows = await this.#listOwn();
      sum.rows += visible.length;
      return this.client.look((store) => [
        ...findDifferences(visible, store),
        ...this.#findUnsent(store, rows),
      ]);
    };
    let wrong = await look();
    // What was on its way when the storm ended still changes things for a moment.
    for (let again = 0; again < 8 && wrong.length > 0; again++) {
      await sleep(100);
      wrong = await look();
    }
    wrong.push(...this.client.bugs.map((bug) => `bug: ${String(bug)}`));
    if (wrong.length > 0) throw new Error(wrong.join("\n"));
    sum.kills += this.client.kills;
    sum.faults += this.#network.faults;
    sum.messages += this.#written.length;
  }

  /** The user's messages on the server, and without a number what was erased. */
  #listOwn = () =>
    backend.sql(
      `select id, seq from consultation_messages where sender_id = '${this.#doctor}'
       union all select id, null from consultation_tombstones where entity = 'message'`,
    );

  /** Each message is on the server once, or was erased there, or is parked here. */
  #findUnsent({ outbox }: Reading, rows: Record<string, unknown>[]): string[] {
    const waiting = outbox.prepare("select id, state from messages").all() as {
      id: string;
      state: string;
    }[];
    const states = new Map(waiting.map(({ id, state }) => [id, state]));
    const onServer = new Map(rows.map((row) => [String(row["id"]), row["seq"]]));
    const ids = new Set(this.#written.map(({ id }) => String(id)));
    const wrong = rows
      .filter((row) => row["seq"] !== null && !ids.has(String(row["id"])))
      .map((row) => `nobody wrote ${String(row["id"])}`);
    for (const { id, content } of this.#written) {
      const state = states.get(id);
      if (state !== undefined && state !== "refused") wrong.push(`still ${state}: ${content}`);
      if (state === undefined && !onServer.has(id) && !this.#gone.has(id)) {
        wrong.push(`lost: ${content}`);
      }
    }
    return wrong;
  }

  async close(): Promise<void> {
    await this.client.close();
    await this.#connection.removeAllChannels();
    await this.#connection.realtime.disconnect();
  }
}

async function runOnBackend({ caughtUp, commands }: Schedule, mutation = intact): Promise<void> {
  const run = new Run(mutation);
  try {
    await run.begin();
    if (caughtUp) await run.client.flow();
    for (const [at, command] of commands.entries()) await run.command(command, at);
    await run.checkEnd();
  } finally {
    await run.close();
  }
}

describe("random schedules on the real backend", () => {
  it("S1–S12, S20: lose, keep and double nothing", { timeout: 0 }, async () => {
    process.stdout.write(`sync schedules on the backend: ${numRuns} from seed ${seed}\n`);
    const property = fc.asyncProperty(longSchedules, (schedule) => runOnBackend(schedule));
    const replay = path === undefined ? {} : { path };
    await fc.assert(property, { numRuns, seed, endOnFailure: true, ...replay });
    const { commands, kills, faults, rows, messages } = sum;
    process.stdout.write(
      `sync schedules on the backend: ${commands} commands, ${kills} kills, ${faults} faults, ${messages} messages sent, ${rows} rows compared, 0 violations\n`,
    );
    expect(rows).toBeGreaterThan(numRuns);
  });

  it("find out that a revocation goes unnoticed", { timeout: 60_000 }, async () => {
    const revoke = { do: "act", writer: -1, act: "revoke", place: 0, pick: 0 } as const;
    const schedule: Schedule = { caughtUp: true, commands: [revoke] };
    const without = mutations["S7: a revocation goes unnoticed"];
    await expect(runOnBackend(schedule, without)).rejects.toThrow("too much: message");
  });
});
