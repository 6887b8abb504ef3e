import { roomOf, type Channel, type Rooms } from "./channel.ts";

type Meta = { channel: Channel; ref: string; previousRef?: string; state: Record<string, unknown> };
type Wire = Record<string, { metas: Record<string, unknown>[] }>;

/** Who is in which room, and what each says of himself. */
export class Presence {
  readonly #rooms: Rooms;
  readonly #present = new Map<string, Map<string, Meta[]>>();
  #count = 0;

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
  }

  /** Everyone in the room, for a `presence_state`. */
  stateOf(room: string): Wire {
    const keys = this.#present.get(room) ?? new Map<string, Meta[]>();
    return Object.fromEntries([...keys].map(([key, metas]) => [key, { metas: metas.map(toWire) }]));
  }

  track(channel: Channel, state: Record<string, unknown>): void {
    const room = roomOf(channel);
    const keys = this.#present.get(room) ?? new Map<string, Meta[]>();
    this.#present.set(room, keys);
    const metas = keys.get(channel.presenceKey) ?? [];
    keys.set(channel.presenceKey, metas);
    const at = metas.findIndex((meta) => meta.channel === channel);
    const before = metas[at];
    const meta: Meta = {
      channel,
      state,
      ref: `F${Date.now().toString(36)}${(this.#count++).toString(36)}`,
    };
    if (!before) {
      metas.push(meta);
      return this.#tell(room, wireOf(channel, meta), {});
    }
    metas[at] = { ...meta, previousRef: before.ref };
    this.#tell(room, wireOf(channel, metas[at]), wireOf(channel, before));
  }

  untrack(channel: Channel): void {
    const room = roomOf(channel);
    const keys = this.#present.get(room);
    const metas = keys?.get(channel.presenceKey) ?? [];
    const at = metas.findIndex((meta) => meta.channel === channel);
    const [gone] = at < 0 ? [] : metas.splice(at, 1);
    if (!keys || !gone) return;
    if (metas.length === 0) keys.delete(channel.presenceKey);
    if (keys.size === 0) this.#present.delete(room);
    this.#tell(room, {}, wireOf(channel, gone));
  }

  #tell(room: string, joins: Wire, leaves: Wire): void {
    for (const channel of this.#rooms.membersOf(room)) {
      if (!channel.presenceOn || !channel.mayRead.presence) continue;
      const { topic } = channel;
      channel.connection.send({
        joinRef: null,
        ref: null,
        topic,
        event: "presence_diff",
        payload: { joins, leaves },
      });
    }
  }
}

function wireOf(channel: Channel, meta: Meta): Wire {
  return { [channel.presenceKey]: { metas: [toWire(meta)] } };
}

function toWire({ state, ref, previousRef }: Meta): Record<string, unknown> {
  return { ...state, phx_ref: ref, ...(previousRef && { phx_ref_prev: previousRef }) };
}
