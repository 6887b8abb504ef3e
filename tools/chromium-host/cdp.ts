import { EventEmitter } from "node:events";
import type { Readable, Writable } from "node:stream";
import type { CDPSession } from "@playwright/test";

/** One target's commands and events, typed by the DevTools protocol. */
export type CdpSession = Pick<CDPSession, "send" | "on" | "off">;

type Answer = { id: number; result?: unknown; error?: { message: string } };
type Notice = { id?: undefined; method: string; params: unknown; sessionId?: string };
type Pending = {
  method: string;
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
};

class Channel extends EventEmitter {
  readonly send: (method: string, params?: object) => Promise<unknown>;

  constructor(send: Channel["send"]) {
    super();
    this.setMaxListeners(0);
    this.send = send;
  }
}

/**
 * A DevTools connection over Chromium's `--remote-debugging-pipe`: JSON separated by NUL bytes.
 * Emits `close` once; every pending and later command then rejects. Chromium ends itself when the
 * pipe closes, so that a killed host leaves nothing behind.
 */
export class CdpConnection extends EventEmitter {
  readonly browser: CdpSession;
  #channels = new Map<string, Channel>();
  #pending = new Map<number, Pending>();
  #root: Channel;
  #lastId = 0;
  #closed = false;
  #write: Writable;

  constructor(write: Writable, read: Readable) {
    super();
    this.#write = write;
    this.#root = new Channel((method, params) => this.#command(method, params));
    this.browser = typed(this.#root);
    let parts: Buffer[] = [];
    read.on("data", (bytes: Buffer) => {
      let start = 0;
      for (let end; (end = bytes.indexOf(0, start)) !== -1; start = end + 1) {
        const text = Buffer.concat([...parts, bytes.subarray(start, end)]).toString();
        parts = [];
        this.#receive(JSON.parse(text) as Answer | Notice);
      }
      if (start < bytes.length) parts.push(bytes.subarray(start));
    });
    for (const stream of [read, write]) {
      stream.on("close", () => this.#close());
      stream.on("error", () => this.#close());
    }
  }

  get closed(): boolean {
    return this.#closed;
  }

  session(id: string): CdpSession {
    return typed(this.#channel(id));
  }

  #channel(id: string): Channel {
    let channel = this.#channels.get(id);
    if (!channel) {
      channel = new Channel((method, params) => this.#command(method, params, id));
      this.#channels.set(id, channel);
    }
    return channel;
  }

  #command(method: string, params: object = {}, sessionId?: string): Promise<unknown> {
    if (this.#closed) return Promise.reject(new Error("Chromium connection closed"));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { method, resolve, reject });
      this.#write.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  #receive(message: Answer | Notice): void {
    if (message.id === undefined) {
      const channel = message.sessionId ? this.#channel(message.sessionId) : this.#root;
      channel.emit(message.method, message.params);
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.error) pending?.reject(new Error(`${pending.method}: ${message.error.message}`));
    else pending?.resolve(message.result);
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { reject } of this.#pending.values()) {
      reject(new Error("Chromium connection closed"));
    }
    this.#pending.clear();
    this.emit("close");
  }
}

/** The wire carries untyped JSON; its shape is the protocol's promise, given here and nowhere else. */
function typed(channel: Channel): CdpSession {
  return channel as unknown as CdpSession;
}
