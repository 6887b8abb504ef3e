import { statement } from "#electron/cache/database.ts";
import type { Writing } from "#electron/cache/stores.ts";
import type { SessionId } from "#shared/model/ids.ts";
import { messageIdAt, type SimServer } from "./sim-server.ts";
import type { Workstation } from "./workstation.ts";

type Written = { id: string; sessionId: SessionId; content: string };
type Waiting = { id: string; state: string };

const FIRST_OWN = 500_000;

/** What the person at the workstation wrote and was told is kept, to be held against the server. */
export class OutboxLog {
  readonly #written: Written[] = [];
  /** Turned down at some time: such a message goes on behind the others, or not at all. */
  readonly #parked = new Set<string>();
  readonly #discarded = new Set<string>();

  write(client: Workstation, sessionId: SessionId): void {
    const number = this.#written.length;
    const id = messageIdAt(FIRST_OWN + number);
    const content = `own words ${number}`;
    if (client.person("message.queue", { id, sessionId, content, senderName: "Dr Test" })) {
      this.#written.push({ id, sessionId, content });
    }
  }

  retry(client: Workstation, pick: number): void {
    const id = this.#pick(client, pick);
    if (id !== undefined) client.person("message.retry", { id });
  }

  discard(client: Workstation, pick: number): void {
    const id = this.#pick(client, pick);
    if (id !== undefined && client.person("message.discard", { id })) this.#discarded.add(id);
  }

  #pick(client: Workstation, pick: number): string | undefined {
    const waiting = listWaiting(client.store.store);
    return waiting[pick % Math.max(1, waiting.length)]?.id;
  }

  /** Looks at the outbox after each write. */
  watch(store: Writing): void {
    for (const { id, state } of listWaiting(store)) if (state === "refused") this.#parked.add(id);
  }

  /** At rest: each message once and in order on the server, or parked here with its reason. */
  findWrong(server: SimServer, store: Writing): string[] {
    const wrong: string[] = [];
    const waiting = new Map(listWaiting(store).map(({ id, state }) => [id, state]));
    const firsts = new Map<string, number>();
    for (const [at, { content, generation }] of server.accepted.entries()) {
      if (!firsts.has(content)) firsts.set(content, at);
      const again = server.accepted.findIndex(
        (other, where) =>
          where > at && other.content === content && other.generation === generation,
      );
      if (again !== -1) wrong.push(`doubled: ${content}`);
    }
    const last = new Map<SessionId, { at: number; content: string }>();
    for (const { id, sessionId, content } of this.#written) {
      if (this.#discarded.has(id)) continue;
      const state = waiting.get(id);
      const at = firsts.get(content);
      if (state !== undefined && state !== "refused") wrong.push(`still ${state}: ${content}`);
      if (state === undefined && at === undefined) wrong.push(`lost: ${content}`);
      if (at === undefined || this.#parked.has(id)) continue;
      const before = last.get(sessionId);
      if (before !== undefined && before.at > at) {
        wrong.push(`out of order: ${content} before ${before.content}`);
      }
      last.set(sessionId, { at, content });
    }
    const ends = statement<Waiting>(
      store.outbox,
      "select session_id as id, state from session_ends where state <> 'refused'",
    ).all();
    return [...wrong, ...ends.map(({ id, state }) => `end still ${state}: ${id}`)];
  }
}

const listWaiting = ({ outbox }: Pick<Writing, "outbox">): Waiting[] =>
  statement<Waiting>(outbox, "select id, state from messages order by position").all();
