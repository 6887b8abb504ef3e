// The few globals that every host of `shared/` has: Node, Electron's renderer and any browser.
// Listing them here, instead of a DOM or Node library, keeps the room free of both.
declare function setTimeout(run: () => void, ms?: number): unknown;
declare function clearTimeout(handle: unknown): void;
declare function queueMicrotask(run: () => void): void;
declare const performance: { now(): number };
declare function atob(base64: string): string;
declare class URL {
  constructor(address: string);
  readonly protocol: string;
  readonly hostname: string;
  readonly origin: string;
  readonly username: string;
  readonly password: string;
}
