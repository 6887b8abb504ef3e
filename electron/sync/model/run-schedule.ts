import { vi } from "vitest";
import { statement } from "#electron/cache/database.ts";
import { findBehindCursor, findDifferences, findForbidden } from "./invariants.ts";
import { MemoryStore } from "./memory-store.ts";
import { intact, type Mutation } from "./mutations.ts";
import { OutboxLog } from "./outbox-log.ts";
import type { Command, Schedule } from "./schedule.ts";
import { sessionAt, SimServer, type Transaction } from "./sim-server.ts";
import { Workstation } from "./workstation.ts";
import { acts, populate } from "./writer-acts.ts";

/** How much a schedule went through, for the sum that is printed. */
export type Tally = {
  commands: number;
  steps: number;
  writes: number;
  kills: number;
  rows: number;
  /** Broadcasts that were stored ahead of the feed. */
  told: number;
};
export const noTally = (): Tally => ({
  commands: 0,
  steps: 0,
  writes: 0,
  kills: 0,
  rows: 0,
  told: 0,
});

/** More than any schedule needs to come to rest. */
const MOST_STEPS = 20_000;

const rest = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

class Run {
  readonly server = new SimServer();
  readonly store: MemoryStore;
  readonly client: Workstation;
  readonly log = new OutboxLog();
  readonly #tally: Tally;
  #writers: (Transaction | null)[] = [null, null, null];
  #texts = 0;

  constructor(mutation: Mutation, tally: Tally) {
    this.#tally = tally;
    this.store = new MemoryStore(mutation.unsafe);
    this.client = new Workstation(this.server, this.store, mutation);
    this.client.onWrite = (name) => this.#checkWrite(name);
    populate(this.server);
  }

  #checkWrite(name: string): void {
    this.#tally.writes += 1;
    if (name.startsWith("told.")) this.#tally.told += 1;
    this.log.watch(this.store.store);
    const wrong = [
      ...findForbidden(this.server, this.store.store),
      ...findBehindCursor(this.server, this.store.store),
    ];
    if (wrong.length > 0) throw new Error(`after ${name}: ${wrong.join("; ")}`);
  }

  /** Lets everything take its way, oldest first, until nothing is left to do. */
  async flow(steps = MOST_STEPS): Promise<void> {
    for (let step = 0; step < steps; step++) {
      // What waits for a lock waits; what is behind it goes on.
      const moved = this.client.options().some((option) => this.client.step(option));
      if (!moved) return;
      this.#tally.steps += 1;
      await rest();
    }
    if (steps === MOST_STEPS) throw new Error("does not come to rest");
  }

  async command(command: Command): Promise<void> {
    const { server, client } = this;
    this.#tally.commands += 1;
    switch (command.do) {
      case "act": {
        const run = this.#writers[command.writer] ?? null;
        const text = `text ${this.#texts++}`;
        server.within(run, (own) =>
          acts[command.act](server, own, sessionAt(command.place), command.pick, text),
        );
        break;
      }
      case "begin":
        this.#writers[command.writer] ??= server.begin();
        break;
      case "commit":
      case "rollback": {
        const run = this.#writers[command.writer];
        if (run) server[command.do](run);
        this.#writers[command.writer] = null;
        break;
      }
      case "steps":
        for (const [pick, fate] of command.steps) {
          const options = client.options();
          const option = options[pick % Math.max(1, options.length)];
          if (option === undefined) break;
          client.step(option, fate);
          this.#tally.steps += 1;
          await rest();
        }
        break;
      case "flow":
        await this.flow(command.steps);
        break;
      case "write":
        this.log.write(client, sessionAt(command.place));
        break;
      case "end":
        client.person("end.queue", {
          sessionId: sessionAt(command.place),
          durationSeconds: 1,
          notes: `notes ${this.#texts++}`,
        });
        break;
      case "retry":
      case "discard":
        this.log[command.do](client, command.pick);
        break;
      case "kill":
        this.#kill(() => client.kill());
        break;
      case "killInside":
        this.#kill(() => client.killInside(command.file));
        break;
      case "cutPower":
        this.#kill(() => {
          client.kill();
          this.store.cutPower();
        });
        break;
      case "start":
        if (!client.isRunning) client.start();
        break;
      case "sync":
        this.store.sync();
        break;
      case "subscribed":
        client.subscribed();
        break;
      case "cutConnections":
        client.cutConnections();
        break;
      case "backUp":
        server.backUp();
        break;
      case "restore":
        client.cutConnections();
        server.restore(command.how);
        this.#writers = [null, null, null];
        break;
      case "wait":
        server.clock += command.ms;
        await vi.advanceTimersByTimeAsync(command.ms);
        break;
      case "jump":
        if (command.whose === "server") server.clock += command.ms;
        else vi.setSystemTime(Date.now() + command.ms);
    }
    await rest();
  }

  #kill(how: () => void): void {
    if (!this.client.isRunning) return;
    vi.clearAllTimers();
    how();
    this.#tally.kills += 1;
  }

  /** The storm is over: whoever writes finishes, the network holds, and some minutes pass. */
  async calm(): Promise<void> {
    for (const [at, run] of this.#writers.entries()) {
      if (run) this.server[at === 0 ? "rollback" : "commit"](run);
    }
    if (!this.client.isRunning) this.client.start();
    for (let minute = 0; minute < 3; minute++) {
      await rest();
      await this.flow();
      this.server.clock += 61_000;
      await vi.advanceTimersByTimeAsync(61_000);
    }
    await this.flow();
  }

  checkEnd(): void {
    const { store } = this.store;
    statement(
      store.cache,
      "insert into message_index (message_index) values ('integrity-check')",
    ).run();
    const wrong = [
      ...findDifferences(this.server.visible(), store),
      ...this.log.findWrong(this.server, store),
      ...this.client.bugs.map((bug) => `bug: ${String(bug)}`),
    ];
    if (wrong.length > 0) throw new Error(wrong.join("\n"));
    this.#tally.rows += this.server.rows.size;
  }

  close(): void {
    this.client.kill();
    this.store.close();
  }
}

/** Runs a schedule to its end on fake timers; throws what is wrong. */
export async function runSchedule(
  { caughtUp, commands }: Schedule,
  tally: Tally = noTally(),
  mutation: Mutation = intact,
): Promise<void> {
  vi.useFakeTimers({
    now: Date.UTC(2020, 0, 1),
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"],
  });
  const run = new Run(mutation, tally);
  try {
    run.client.start();
    await rest();
    if (caughtUp) await run.flow();
    for (const command of commands) await run.command(command);
    await run.calm();
    run.checkEnd();
  } finally {
    run.close();
    vi.clearAllTimers();
    vi.useRealTimers();
  }
}
