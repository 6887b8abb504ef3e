import { networkInterfaces } from "node:os";

export type WorldParts = {
  /** The machine slept, its clock was set, or it is in another network: look now. */
  onChange(): void;
  tickMs?: number;
  /** How far the two clocks, or one tick, may drift apart before it counts. */
  jumpMs?: number;
  wallMs?: () => number;
  steadyMs?: () => number;
  addresses?: () => string;
};

/** Which addresses this machine has, as one text. Loopback says nothing about a network. */
const listAddresses = (): string =>
  Object.entries(networkInterfaces())
    .flatMap(([name, found]) =>
      (found ?? []).filter(({ internal }) => !internal).map(({ cidr }) => `${name} ${cidr}`),
    )
    .toSorted()
    .join("\n");

/**
 * Watches for what no event tells on every system (S21): a sleep stops one clock and not the other, or
 * makes a tick late; another network has other addresses. Returns how to stop.
 */
export function watchWorld(parts: WorldParts): () => void {
  const { onChange, tickMs = 2_000, jumpMs = 5_000 } = parts;
  const wallMs = parts.wallMs ?? Date.now;
  const steadyMs = parts.steadyMs ?? (() => performance.now());
  const addresses = parts.addresses ?? listAddresses;
  let last = { wall: wallMs(), steady: steadyMs(), addresses: addresses() };

  const tick = setInterval(() => {
    const now = { wall: wallMs(), steady: steadyMs(), addresses: addresses() };
    const wall = now.wall - last.wall;
    const steady = now.steady - last.steady;
    const jumped = Math.abs(wall - steady) > jumpMs || steady > tickMs + jumpMs;
    const moved = now.addresses !== last.addresses;
    last = now;
    if (jumped || moved) onChange();
  }, tickMs);
  tick.unref();
  return () => clearInterval(tick);
}
