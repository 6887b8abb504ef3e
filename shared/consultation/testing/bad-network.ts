import type { SupabaseClientOptions } from "@supabase/supabase-js";
import { WebSocket } from "ws";

type Transport = NonNullable<SupabaseClientOptions<"public">["realtime"]>["transport"];

/** What happens to one frame from the server. */
export type Fate = "arrives" | "is lost" | "comes twice" | "comes late";

const LATE_MS = 40;

/**
 * The network between one client and its project, to be made bad on purpose: web sockets that can
 * be cut or kept from opening, frames that are lost, doubled or late, and requests that never
 * arrive or whose answer is lost. The client itself is unmodified.
 */
export class BadNetwork {
  /** Decides on each frame that carries a database broadcast; joins and heartbeats pass. */
  fate: (frame: number) => Fate = () => "arrives";
  socketsOpen = true;
  /** How much later than sent the server's answers on the socket come in. */
  replyDelayMs = 0;
  requests: "answered" | "never arrive" | "answers are lost" = "answered";
  /** Something on the way that answers instead of the server. */
  interceptor: (() => Response) | null = null;
  readonly #sockets = new Set<WebSocket>();
  #frames = 0;

  /** Cuts every open socket as a lost network does: without a closing handshake. */
  cut(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  readonly fetch: typeof fetch = async (input, init) => {
    if (this.requests === "never arrive") throw new TypeError("fetch failed");
    if (this.interceptor !== null) return this.interceptor();
    const answer = await fetch(input, init);
    if (this.requests === "answers are lost") {
      await answer.arrayBuffer();
      throw new TypeError("fetch failed");
    }
    return answer;
  };

  /** The web sockets of this network, for a client's `realtime.transport`. */
  readonly transport: Transport = socketClass({
    opened: (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    },
    mayOpen: () => this.socketsOpen,
    replyDelayMs: () => this.replyDelayMs,
    fate: () => {
      this.#frames += 1;
      return this.fate(this.#frames);
    },
  });
}

function socketClass(network: {
  opened(socket: WebSocket): void;
  mayOpen(): boolean;
  replyDelayMs(): number;
  fate(): Fate;
}): Transport {
  class Socket extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols);
      network.opened(this);
      this.on("error", () => undefined);
      this.on("upgrade", () => {
        if (!network.mayOpen()) this.terminate();
      });
    }

    override emit(event: string | symbol, ...parts: unknown[]): boolean {
      if (event !== "message") return super.emit(event, ...parts);
      if (!isBroadcast(parts[0])) {
        const delay = network.replyDelayMs();
        if (delay === 0) return super.emit(event, ...parts);
        setTimeout(() => super.emit(event, ...parts), delay);
        return true;
      }
      const fate = network.fate();
      if (fate === "is lost") return false;
      if (fate === "comes late") {
        setTimeout(() => super.emit(event, ...parts), LATE_MS);
        return true;
      }
      if (fate === "comes twice") super.emit(event, ...parts);
      return super.emit(event, ...parts);
    }
  }
  return Socket as unknown as Transport;
}

/** Broadcasts come as binary frames of kind 4, or as text that names the event. */
function isBroadcast(data: unknown): boolean {
  if (data instanceof ArrayBuffer) return new Uint8Array(data)[0] === 4;
  return data instanceof Buffer && data.includes('"broadcast"');
}
