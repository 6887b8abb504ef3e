import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type RawData, type WebSocket } from "ws";
import { claimsOf, type Keys } from "../keys.ts";
import { report } from "../quiet.ts";
import type { Connection } from "./channel.ts";
import { reply } from "./channel.ts";
import { decodeFrame, encodeFrame, type Frame, type ProtocolVersion } from "./frames.ts";
import { RateWindow } from "./limits.ts";
import type { Realtime } from "./realtime.ts";

const LARGEST_FRAME_BYTES = 5_000_000;

/** The web socket of Realtime: `/realtime/v1/websocket?apikey=…&vsn=2.0.0`. */
export class Transport {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: LARGEST_FRAME_BYTES });
  readonly #realtime: Realtime;
  readonly #keys: Keys;

  constructor(realtime: Realtime, keys: Keys) {
    this.#realtime = realtime;
    this.#keys = keys;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    const url = new URL(request.url ?? "/", "http://localhost");
    if (url.pathname !== "/realtime/v1/websocket") return refuse(socket, 404, "Not found");
    const apiKey = url.searchParams.get("apikey");
    if (!apiKey) return refuse(socket, 401, "API key is missing");
    const who = claimsOf(undefined, apiKey, this.#keys);
    if ("error" in who) return refuse(socket, 401, who.error);
    if (this.#server.clients.size >= this.#realtime.limits.connections)
      return refuse(socket, 429, "Too many connected users");
    const version = url.searchParams.get("vsn") === "2.0.0" ? 2 : 1;
    this.#server.handleUpgrade(request, socket, head, (webSocket) =>
      this.#attach(webSocket, apiKey, version),
    );
  }

  close(): void {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }

  #attach(socket: WebSocket, apiKey: string, version: ProtocolVersion): void {
    const { presenceCallsPerClient, presenceWindowMs } = this.#realtime.limits;
    const connection: Connection = {
      apiKey,
      channels: new Map(),
      presenceCalls: new RateWindow(presenceCallsPerClient, presenceWindowMs),
      send: (frame) => {
        const data = socket.readyState === socket.OPEN ? encodeFrame(frame, version) : null;
        if (data !== null) socket.send(data);
      },
    };
    // Frames of one client are answered in their order.
    let tail = Promise.resolve();
    socket.on("message", (data, isBinary) => {
      const frame = tryDecode(bytesOf(data), isBinary, version);
      if (frame) tail = tail.then(() => this.#answer(connection, frame));
    });
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      // A join may still be under way: what it enters is dropped after it.
      tail = tail.then(() => this.#dropAll(connection));
    });
  }

  #dropAll(connection: Connection): void {
    for (const channel of connection.channels.values()) this.#realtime.drop(channel);
  }

  async #answer(connection: Connection, frame: Frame): Promise<void> {
    try {
      await this.#realtime.receive(connection, frame);
    } catch (error) {
      report("A frame could not be answered", error);
      reply(connection, frame, "error", { reason: "Unknown Error on Channel" });
    }
  }
}

function refuse(socket: Duplex, status: number, error: string): void {
  socket.end(
    `HTTP/1.1 ${status} Refused\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n${JSON.stringify({ error })}`,
  );
}

function tryDecode(data: Buffer, isBinary: boolean, version: ProtocolVersion): Frame | null {
  try {
    return decodeFrame(data, isBinary, version);
  } catch {
    return null;
  }
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
