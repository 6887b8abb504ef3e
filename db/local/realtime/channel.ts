import type { Claims } from "../jwt.ts";
import type { Binding } from "./bindings.ts";
import type { Frame } from "./frames.ts";
import type { RateWindow } from "./limits.ts";

export type Extension = "broadcast" | "presence";

/** One web socket. */
export interface Connection {
  apiKey: string;
  channels: Map<string, Channel>;
  presenceCalls: RateWindow;
  send(frame: Frame): void;
}

/** One joined topic of one connection. */
export type Channel = {
  connection: Connection;
  /** As the protocol says it: `realtime:<name>`. */
  topic: string;
  name: string;
  joinRef: string | null;
  isPrivate: boolean;
  config: JoinConfig;
  token: string | undefined;
  claims: Claims;
  presenceKey: string;
  presenceOn: boolean;
  mayRead: Record<Extension, boolean>;
  /** What row security said about writing; asked once, and again after a new token. */
  mayWrite: Partial<Record<Extension, boolean>>;
  bindings: Binding[];
  expiry: NodeJS.Timeout | undefined;
  closed: boolean;
};

export type JoinConfig = {
  private?: boolean;
  broadcast?: {
    ack?: boolean;
    self?: boolean;
    replay?: { since: number; limit?: number };
    replication_ready?: boolean;
  };
  presence?: { key?: string; enabled?: boolean };
  postgres_changes?: ChangesRequest[];
  postgres_changes_options?: { wait?: boolean };
};

export type ChangesRequest = {
  event: string;
  schema?: string;
  table?: string;
  filter?: string;
  select?: string[];
};

/** Public and private channels of one name are two different rooms. */
export function roomOf(channel: Pick<Channel, "isPrivate" | "name">): string {
  return `${channel.isPrivate}:${channel.name}`;
}

export function push(channel: Channel, event: string, payload: unknown): void {
  const { joinRef, topic } = channel;
  channel.connection.send({ joinRef, ref: null, topic, event, payload });
}

export function pushSystem(
  channel: Channel,
  extension: string,
  status: "ok" | "error",
  message: string,
): void {
  push(channel, "system", { extension, status, message, channel: channel.name });
}

export function reply(
  connection: Connection,
  to: Frame,
  status: "ok" | "error",
  response: unknown,
): void {
  const { joinRef, ref, topic } = to;
  connection.send({ joinRef, ref, topic, event: "phx_reply", payload: { status, response } });
}

/** All channels by room. */
export class Rooms {
  readonly #members = new Map<string, Set<Channel>>();

  add(channel: Channel): void {
    const room = roomOf(channel);
    const members = this.#members.get(room) ?? new Set();
    this.#members.set(room, members.add(channel));
  }

  remove(channel: Channel): void {
    const room = roomOf(channel);
    const members = this.#members.get(room);
    members?.delete(channel);
    if (members?.size === 0) this.#members.delete(room);
  }

  membersOf(room: string): Iterable<Channel> {
    return this.#members.get(room) ?? [];
  }

  /** Sends a broadcast to everyone in the room who may read it, but `sender`. */
  broadcast(room: string, frame: Pick<Frame, "payload" | "broadcast">, sender?: Channel): void {
    for (const channel of this.membersOf(room)) {
      if (channel === sender || !channel.mayRead.broadcast) continue;
      const { topic } = channel;
      channel.connection.send({ joinRef: null, ref: null, topic, event: "broadcast", ...frame });
    }
  }
}
