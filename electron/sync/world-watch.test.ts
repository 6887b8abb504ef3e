import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { watchWorld } from "./world-watch.ts";

let stop: () => void;
let wall: number;
let steady: number;
let addresses: string;
let changes: number;

const pass = (ms: number) => {
  wall += ms;
  steady += ms;
  vi.advanceTimersByTime(2_000);
};

beforeEach(() => {
  vi.useFakeTimers();
  [wall, steady, addresses, changes] = [1_000_000, 500, "wlan 10.0.0.2/24", 0];
  stop = watchWorld({
    onChange: () => void changes++,
    wallMs: () => wall,
    steadyMs: () => steady,
    addresses: () => addresses,
  });
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

describe("the watch over the machine", () => {
  it("S21: is silent while nothing happens, also on a busy machine", () => {
    for (let at = 0; at < 10; at++) pass(2_000);
    pass(6_000);
    expect(changes).toBe(0);
  });

  it.each([
    ["a sleep that stopped one clock only", () => (wall += 60_000), 0],
    ["a clock that was set back", () => (wall -= 60_000), 0],
    ["a sleep that both clocks saw", () => undefined, 60_000],
    ["another network", () => (addresses = "wlan 192.168.1.5/24"), 0],
    ["no network", () => (addresses = ""), 0],
  ])("S21: notices %s, once", (_what, happen, late) => {
    happen();
    pass(2_000 + late);
    expect(changes).toBe(1);
    pass(2_000);
    expect(changes).toBe(1);
  });
});
