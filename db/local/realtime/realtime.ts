import { createHash, randomUUID } from "node:crypto";
import type { Database } from "../database.ts";
import { claimsOf, type Keys } from "../keys.ts";
import { mayRead, mayWrite } from "./authorize.ts";
import {
  push,
  pushSystem,
  reply,
  roomOf,
  Rooms,
  type Channel,
  type Connection,
  type Extension,
} from "./channel.ts";
import { Changes } from "./changes.ts";
import type { Frame } from "./frames.ts";
import { joinRequestOf, type JoinRequest } from "./join-request.ts";
import { RateWindow, type RealtimeLimits } from "./limits.ts";
import { Presence } from "./presence.ts";

const SENTENCE = /^\w+: /;
const LONGEST_TIMER_MS = 300_000;

export type RealtimeOptions = {
  database: Database;
  keys: Keys;
  limits: RealtimeLimits;
  /** How long after SUBSCRIBED changes really flow; on hosted it takes a while. */
  subscribeDelayMs: number;
};

/** Supabase Realtime: what a connection may ask, and what it is told. */
export class Realtime {
  readonly rooms = new Rooms();
  readonly changes: Changes;
  readonly limits: RealtimeLimits;
  readonly #presence = new Presence(this.rooms);
  readonly #database: Database;
  readonly #keys: Keys;
  readonly #subscribeDelayMs: number;
  readonly #messages: RateWindow;
  readonly #joins: RateWindow;
  readonly #databaseMessages: RateWindow;

  constructor({ database, keys, limits, subscribeDelayMs }: RealtimeOptions) {
    this.#database = database;
    this.#keys = keys;
    this.limits = limits;
    this.#subscribeDelayMs = subscribeDelayMs;
    this.#messages = new RateWindow(limits.messagesPerSecond, 1000);
    this.#joins = new RateWindow(limits.joinsPerSecond, 1000);
    this.#databaseMessages = new RateWindow(limits.messagesPerSecond * 60, 60_000);
    this.changes = new Changes(database);
  }

  async receive(connection: Connection, frame: Frame): Promise<void> {
    if (frame.topic === "phoenix" && frame.event === "heartbeat")
      return reply(connection, frame, "ok", {});
    if (frame.event === "phx_join") return this.#join(connection, frame);
    const channel = connection.channels.get(frame.topic);
    if (!channel) return reply(connection, frame, "error", { reason: "unmatched topic" });
    switch (frame.event) {
      case "phx_leave":
        this.drop(channel);
        reply(connection, frame, "ok", {});
        return push(channel, "phx_close", {});
      case "broadcast":
        return this.#broadcast(channel, frame);
      case "presence":
        return this.#presenceCall(channel, frame);
      case "access_token":
        return this.#newToken(channel, frame);
    }
  }

  /** Counts one message of the project; false where the plan allows no more this second. */
  takeMessage(): boolean {
    return this.#messages.take();
  }

  /** Counts one message that the database sends; hosted drops them by the average of a minute. */
  takeDatabaseMessage(): boolean {
    return this.#databaseMessages.take();
  }

  mayWrite(channel: Channel, extension: Extension): Promise<boolean> | boolean {
    if (!channel.isPrivate) return true;
    const known = channel.mayWrite[extension];
    if (known !== undefined) return known;
    return mayWrite(this.#database, channel.claims, channel.name, extension).then((verdict) => {
      channel.mayWrite[extension] = verdict;
      return verdict;
    });
  }

  /** Forgets a channel without a word to its client. */
  drop(channel: Channel): void {
    if (channel.closed) return;
    channel.closed = true;
    clearTimeout(channel.expiry);
    this.rooms.remove(channel);
    this.changes.unsubscribe(channel);
    this.#presence.untrack(channel);
    channel.connection.channels.delete(channel.topic);
  }

  #shutDown(channel: Channel, reason: string): void {
    pushSystem(channel, "system", "error", reason);
    this.drop(channel);
    push(channel, "phx_close", {});
  }

  async #join(connection: Connection, frame: Frame): Promise<void> {
    const refuse = (reason: string) => reply(connection, frame, "error", { reason });
    const before = connection.channels.get(frame.topic);
    if (before) {
      this.drop(before);
      push(before, "phx_close", {});
    }
    const request = joinRequestOf(frame);
    if (!request) return refuse("TopicNameRequired: You must provide a topic name");
    if (!this.#joins.take()) return refuse("ClientJoinRateLimitReached: Too many joins per second");
    if (connection.channels.size >= this.limits.channelsPerConnection)
      return refuse("ChannelRateLimitReached: Too many channels");
    const who = claimsOf(request.token, connection.apiKey, this.#keys);
    if ("error" in who) return refuse(who.error);
    const { config, name } = request;
    const channel: Channel = {
      connection,
      topic: frame.topic,
      name,
      joinRef: frame.joinRef,
      isPrivate: config.private === true,
      config,
      token: request.token,
      claims: who.claims,
      presenceKey: config.presence?.key || randomUUID(),
      presenceOn: config.presence?.enabled === true,
      mayRead: { broadcast: true, presence: true },
      mayWrite: {},
      bindings: [],
      expiry: undefined,
      closed: false,
    };
    if (channel.isPrivate) {
      channel.mayRead = await mayRead(this.#database, who.claims, name);
      if (!channel.mayRead.broadcast && !(channel.mayRead.presence && channel.presenceOn))
        return refuse(
          `Unauthorized: You do not have permissions to read from this Channel topic: ${name}`,
        );
    }
    if (config.broadcast?.replay && !channel.isPrivate)
      return refuse("UnableToReplayMessages: Replay is not allowed for public channels");
    await this.#enter(channel, frame, request);
  }

  async #enter(channel: Channel, frame: Frame, { config }: JoinRequest): Promise<void> {
    const { connection } = channel;
    const requests = (config.postgres_changes ?? []).map((request) => ({
      ...request,
      id: createHash("md5").update(JSON.stringify(request)).digest().readUInt32BE() >>> 5,
    }));
    connection.channels.set(channel.topic, channel);
    this.rooms.add(channel);
    this.#watchExpiry(channel);
    const waits = requests.length > 0 && config.postgres_changes_options?.wait === true;
    if (waits) {
      try {
        await this.changes.subscribe(channel, requests);
      } catch (error) {
        this.drop(channel);
        return reply(connection, frame, "error", {
          reason: `RealtimeDisabledForConfiguration: ${messageOf(error)}`,
        });
      }
    }
    reply(connection, frame, "ok", { postgres_changes: requests });
    if (requests.length > 0 && !waits) {
      const begin = () => this.#beginChanges(channel, requests);
      if (this.#subscribeDelayMs > 0)
        setTimeout(() => void begin(), this.#subscribeDelayMs).unref();
      else await begin();
    }
    if (channel.presenceOn && channel.mayRead.presence)
      push(channel, "presence_state", this.#presence.stateOf(roomOf(channel)));
    await this.#replay(channel);
    if (config.broadcast?.replication_ready)
      pushSystem(channel, "system", "ok", "Replication connection established");
  }

  async #beginChanges(
    channel: Channel,
    requests: Parameters<Changes["subscribe"]>[1],
  ): Promise<void> {
    try {
      await this.changes.subscribe(channel, requests);
      if (!channel.closed)
        pushSystem(channel, "postgres_changes", "ok", "Subscribed to PostgreSQL");
    } catch (error) {
      if (!channel.closed) pushSystem(channel, "postgres_changes", "error", messageOf(error));
    }
  }

  async #replay(channel: Channel): Promise<void> {
    const replay = channel.config.broadcast?.replay;
    if (!replay) return;
    const messages = await this.#database.query<{ id: string; event: string; payload: unknown }>(
      `select id, event, payload from (
         select id, event, payload, inserted_at from realtime.messages
         where topic = $1 and private and extension = 'broadcast' and event is not null
           and inserted_at >= to_timestamp($2::float8 / 1000) at time zone 'utc'
         order by inserted_at desc limit $3) latest
       order by inserted_at`,
      [channel.name, replay.since, Math.max(1, Math.min(25, replay.limit ?? 25))],
    );
    for (const { id, event, payload } of messages)
      push(channel, "broadcast", {
        type: "broadcast",
        event,
        payload,
        meta: { replayed: true, id },
      });
  }

  async #broadcast(channel: Channel, frame: Frame): Promise<void> {
    const bytes = frame.broadcast?.body.length ?? JSON.stringify(frame.payload ?? null).length;
    if (bytes > this.limits.payloadBytes) {
      if (channel.config.broadcast?.ack)
        reply(channel.connection, frame, "error", { reason: "Payload size exceeded" });
      return;
    }
    if (!this.takeMessage()) return this.#shutDown(channel, "Too many messages per second");
    // A private write that is refused gets no answer, as on hosted.
    if (!(await this.mayWrite(channel, "broadcast"))) return;
    const { broadcast, payload } = frame;
    const sender = channel.config.broadcast?.self ? undefined : channel;
    this.rooms.broadcast(roomOf(channel), { payload, ...(broadcast && { broadcast }) }, sender);
    if (channel.config.broadcast?.ack) reply(channel.connection, frame, "ok", {});
  }

  async #presenceCall(channel: Channel, frame: Frame): Promise<void> {
    const { connection } = channel;
    const payload = (frame.payload ?? {}) as { event?: unknown; payload?: Record<string, unknown> };
    if (!connection.presenceCalls.take())
      return this.#shutDown(channel, "Client presence rate limit exceeded");
    if (!this.takeMessage())
      return this.#shutDown(channel, "Too many presence messages per second");
    const event = String(payload.event).toLowerCase();
    if (event === "track") {
      if (!(await this.mayWrite(channel, "presence")))
        return reply(connection, frame, "error", {
          reason: "You do not have permissions to write to this Channel topic",
        });
      if (channel.closed) return;
      this.#presence.track(channel, payload.payload ?? {});
    } else if (event === "untrack") this.#presence.untrack(channel);
    reply(connection, frame, "ok", {});
  }

  /** A new token is checked at once, and what it may read is asked again. */
  async #newToken(channel: Channel, frame: Frame): Promise<void> {
    const { access_token: token } = (frame.payload ?? {}) as { access_token?: unknown };
    if (typeof token !== "string" || token.startsWith("sb_") || token === channel.token) return;
    const who = claimsOf(token, channel.connection.apiKey, this.#keys);
    if ("error" in who) return this.#shutDown(channel, who.error.replace(SENTENCE, ""));
    const before = channel.mayRead;
    Object.assign(channel, { token, claims: who.claims, mayWrite: {} });
    if (channel.isPrivate) {
      channel.mayRead = await mayRead(this.#database, who.claims, channel.name);
      if (
        (before.broadcast && !channel.mayRead.broadcast) ||
        (before.presence && !channel.mayRead.presence)
      )
        return this.#shutDown(
          channel,
          `You no longer have permission to read from this Channel topic: ${channel.name}`,
        );
    }
    this.#watchExpiry(channel);
  }

  #watchExpiry(channel: Channel): void {
    clearTimeout(channel.expiry);
    if (channel.closed) return;
    const leftMs = Math.max(0, channel.claims.exp * 1000 - Date.now()) + 50;
    channel.expiry = setTimeout(
      () => {
        const who = claimsOf(channel.token, channel.connection.apiKey, this.#keys);
        if ("error" in who) this.#shutDown(channel, who.error.replace(SENTENCE, ""));
        else this.#watchExpiry(channel);
      },
      Math.min(LONGEST_TIMER_MS, leftMs),
    );
    channel.expiry.unref();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
