import { fault, ok, type Result } from "#shared/contract/fault.ts";
import type { Cache, WriteName } from "#electron/cache/cache.ts";
import { CacheError } from "#electron/cache/cache-error.ts";
import { startSync, type SyncEngine } from "../engine.ts";
import type { Remote, RemoteListener, RoomListener } from "../remote-port.ts";
import type { MemoryStore, Tear } from "./memory-store.ts";
import type { Mutation } from "./mutations.ts";
import { doctor, type Attempt, type SimServer, type Told } from "./sim-server.ts";

// The real engine on the real statements, in a process that the schedule can stop at any await:
// every call to the store or over the network waits here until it is told to go one step further.

/** What becomes of a request that is about to arrive, or of an answer on its way back. */
export type Fate = "arrives" | "lost" | "late" | "twice" | "server" | "quota" | "not_signed_in";

type Answer = Result<unknown>;
type Request = {
  /** Asks the server. Null: a row is locked, so the server has not answered yet. */
  ask(): Answer | null;
  /** Null where nobody waits any more: the process is gone, or was told that the answer is late. */
  settle: ((answer: Answer) => void) | null;
  answer: Answer | null;
};
type StoreCall = {
  name: string;
  run(tear: Tear): unknown;
  resolve(value: unknown): void;
  reject(error: unknown): void;
};

/** One thing that can happen next. */
export type Option =
  | { what: "write" | "read" }
  | { what: "request"; request: Request }
  | { what: "hint" | "told"; at: number };

const topicOf = ({ sessionId, topicKey }: { sessionId: string; topicKey: string }): string =>
  `${sessionId}:${topicKey}`;
const ignore = (): void => {};
const OFFLINE = fault("offline", "The server cannot be reached.");
const isUrgent = ({ name }: StoreCall): boolean => !/^(feed|calendar)\./.test(name);

export class Workstation {
  readonly server: SimServer;
  readonly store: MemoryStore;
  readonly bugs: unknown[] = [];
  /** Runs after each write, kept, refused or torn. */
  onWrite: (name: string) => void = () => {};
  engine: SyncEngine | null = null;
  #requests: Request[] = [];
  #writes: StoreCall[] = [];
  #reads: StoreCall[] = [];
  #listener: RemoteListener | null = null;
  readonly #rooms = new Map<string, RoomListener>();
  /** Broadcasts to rooms that were joined when they were made. */
  #told: Told[] = [];
  #life = 0;
  readonly #mutation: Mutation;

  constructor(server: SimServer, store: MemoryStore, mutation: Mutation) {
    this.server = server;
    this.store = store;
    this.#mutation = mutation;
    server.onTold = (told) => {
      if (this.#rooms.has(topicOf(told))) this.#told.push(told);
    };
  }

  /** Starts the app on what the last process left. */
  start(): void {
    this.store.start();
    const life = this.#life;
    const onBug = (error: unknown): void => void (life === this.#life && this.bugs.push(error));
    this.engine = startSync({
      cache: this.#cache(life),
      remote: this.#mutation.remote(this.#remote(life)),
      pageSize: 3,
      world: { addresses: () => "" },
      waitMs: (failures) => Math.min(60_000, 500 * 2 ** failures),
      events: {
        onState: ignore,
        onAppointments: ignore,
        onSession: ignore,
        onMessages: ignore,
        onBug,
      },
    });
  }

  /** The process dies here. What it has sent may still arrive; nobody hears the answers. */
  kill(): void {
    this.#life += 1;
    this.engine = null;
    this.#writes = [];
    this.#reads = [];
    this.#listener = null;
    this.#rooms.clear();
    this.#told = [];
    for (const request of this.#requests) request.settle = null;
    this.#requests = this.#requests.filter(({ answer }) => answer === null);
  }

  get isRunning(): boolean {
    return this.engine !== null;
  }

  /** The server goes away with every connection: nothing that was on its way arrives. */
  cutConnections(): void {
    for (const { settle } of this.#requests) settle?.(OFFLINE);
    this.#requests = [];
    this.#told = [];
    this.#listener?.onLost();
  }

  subscribed(): void {
    this.#listener?.onSubscribed();
  }

  options(): Option[] {
    const options: Option[] = [];
    if (this.#writes.length > 0) options.push({ what: "write" });
    if (this.#reads.length > 0) options.push({ what: "read" });
    for (const request of this.#requests) options.push({ what: "request", request });
    for (const at of this.server.hints.keys()) options.push({ what: "hint", at });
    for (const at of this.#told.keys()) options.push({ what: "told", at });
    return options;
  }

  /** Does one of the options. False where it has to wait for a lock on the server. */
  step(option: Option, fate: Fate = "arrives"): boolean {
    if (option.what === "request") return this.#request(option.request, fate);
    if (option.what === "hint") this.#hint(option.at, fate);
    else if (option.what === "told") this.#tell(option.at, fate);
    else this.#runStore(option.what === "write" ? this.#writes : this.#reads, null);
    return true;
  }

  /** The process dies inside the next write, before what that writes to the named file. */
  killInside(tear: "cache" | "outbox"): void {
    const call = this.#writes[0];
    if (call) this.#runStore(this.#writes, tear);
    this.kill();
  }

  #hint(at: number, fate: Fate): void {
    const [sessionId] = this.server.hints.splice(at, 1);
    if (sessionId === undefined || fate === "lost") return;
    if (fate === "twice" || fate === "late") this.server.hints.push(sessionId);
    if (fate !== "late") {
      this.#listener?.onHint({ kind: "message", sessionId, appointmentId: null });
    }
  }

  #tell(at: number, fate: Fate): void {
    const [told] = this.#told.splice(at, 1);
    if (told === undefined || fate === "lost") return;
    if (fate === "twice" || fate === "late") this.#told.push(told);
    const room = this.#rooms.get(topicOf(told));
    if (fate === "late" || room === undefined) return;
    if (told.event === "message") room.onMessage(told.payload);
    else room.onSession(told.payload);
  }

  #request(request: Request, fate: Fate): boolean {
    const settle = (answer: Answer): void => {
      request.settle?.(answer);
      request.settle = null;
    };
    const forget = (): void => void (this.#requests = this.#requests.filter((r) => r !== request));
    if (request.answer === null) {
      if (fate === "late")
        settle(OFFLINE); // it arrives at some other time
      else if (fate === "lost") {
        settle(OFFLINE);
        forget();
      } else if (fate === "arrives" || fate === "twice") {
        request.answer = request.ask();
        if (request.answer === null) return false;
        if (fate === "twice") request.ask();
        if (request.settle === null) forget();
      } else {
        settle(fault(fate, `The server said ${fate}.`));
        forget();
      }
      return true;
    }
    // Any other fate loses the answer; what was done is done.
    settle(fate === "arrives" || fate === "twice" ? request.answer : OFFLINE);
    forget();
    return true;
  }

  #runStore(queue: StoreCall[], tear: Tear): void {
    const call = queue.shift();
    if (call === undefined) return;
    const settle = (how: "resolve" | "reject", value: unknown): void => {
      if (queue === this.#writes) this.onWrite(call.name);
      if (tear === null) call[how](value);
    };
    let value: unknown;
    try {
      value = call.run(tear);
    } catch (error) {
      settle("reject", error);
      return;
    }
    settle("resolve", value);
  }

  #cache(life: number): Cache {
    const call = (queue: () => StoreCall[], name: string, run: StoreCall["run"]) =>
      new Promise<never>((resolve, reject) => {
        if (life !== this.#life) return; // a dead process asks in vain
        const entry: StoreCall = { name, run, resolve: resolve as StoreCall["resolve"], reject };
        const list = queue();
        const at = isUrgent(entry) ? list.findIndex((other) => !isUrgent(other)) : -1;
        list.splice(at === -1 ? list.length : at, 0, entry);
      });
    const mutation = this.#mutation;
    return {
      read: (name, args) =>
        call(
          () => this.#reads,
          name,
          () => this.store.read(name, args),
        ),
      write: (name, args) => {
        // A mutation may tear one write into several.
        let last = Promise.resolve<unknown>(undefined) as Promise<never>;
        for (const part of mutation.split(name, args)) {
          last = call(
            () => this.#writes,
            name,
            (tear) => part(this.store, tear),
          );
        }
        return last;
      },
      close: () => Promise.reject(new CacheError("closed", "never closed")),
    };
  }

  #remote(life: number): Remote {
    const { server } = this;
    const ask = <T>(
      signal: AbortSignal,
      work: () => Attempt<T> | { ok: false; failure: "ahead" },
    ) =>
      new Promise<Result<T>>((resolve) => {
        if (life !== this.#life) return;
        const request: Request = {
          answer: null,
          settle: resolve as (answer: Answer) => void,
          ask() {
            const attempt = work();
            if (attempt.ok) return ok(attempt.value);
            if (attempt.failure === "blocked") return null;
            const code = attempt.failure === "ahead" ? "history_changed" : attempt.failure;
            return fault(code, `The server said ${code}.`);
          },
        };
        const drop = (): void => {
          request.settle?.(fault("cancelled", "The call was cancelled."));
          request.settle = null;
        };
        signal.addEventListener("abort", drop, { once: true });
        this.#requests.push(request);
      });
    return {
      userId: doctor,
      snapshot: (signal) =>
        ask(signal, () => {
          const taken = server.takeSnapshot();
          return taken.ok ? { ok: true, value: { ...taken.value, schemaVersion: 1 } } : taken;
        }),
      pullSince: (page, signal) => ask(signal, () => server.pullSince(page)),
      pullSession: (page, signal) => ask(signal, () => server.pullSession(page)),
      sendMessage: (message, signal) =>
        ask(signal, () => {
          const sent = server.receive(message);
          if (!sent.ok) return sent;
          const { id } = message;
          const values = { senderKind: "doctor", senderName: message.senderName } as const;
          return { ok: true, value: { ...sent.value, ...values, id } };
        }),
      endSession: (end, signal) => ask(signal, () => server.end(end.sessionId, end.notes)),
      listAppointments: () => Promise.resolve(ok([])),
      listPeople: () => Promise.resolve(ok([])),
      listen: (listener) => {
        if (life === this.#life) this.#listener = listener;
        return () => void (life === this.#life && (this.#listener = null));
      },
      listenSession: (room, listener) => {
        // The server asks its policy when a topic is joined, and not again.
        const key = server.find("session", room.sessionId)?.row["topic_key"];
        const mayHear = server.mayRead(room.sessionId) && key === room.topicKey;
        if (life === this.#life && mayHear) this.#rooms.set(topicOf(room), listener);
        return () => void (life === this.#life && this.#rooms.delete(topicOf(room)));
      },
    };
  }

  /** A write of the person at the screen. False where it is refused, as in an ended session. */
  person(name: WriteName, args: object): boolean {
    if (this.engine === null) return false;
    try {
      this.store.write(name, args);
    } catch (error) {
      if (error instanceof CacheError && error.code !== "unexpected") return false;
      throw error;
    }
    this.engine.outboxChanged();
    return true;
  }
}
