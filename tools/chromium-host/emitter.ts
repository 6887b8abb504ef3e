import { EventEmitter } from "node:events";

/** The first argument of every Electron event. */
export type HostEvent<T extends object = object> = T & {
  readonly defaultPrevented: boolean;
  preventDefault(): void;
};

export function createEvent<T extends object>(details: T): HostEvent<T> {
  let prevented = false;
  return Object.defineProperties(
    { ...details },
    {
      defaultPrevented: { get: () => prevented, enumerable: true },
      preventDefault: { value: () => void (prevented = true) },
    },
  ) as HostEvent<T>;
}

/** An event emitter without a warning about many listeners, as Electron's are. */
export class Emitter extends EventEmitter {
  constructor() {
    super();
    this.setMaxListeners(0);
  }
}

/** Emits an event that a listener may veto; true when nobody did. */
export function ask(emitter: EventEmitter, name: string, ...args: unknown[]): boolean {
  const event = createEvent({});
  emitter.emit(name, event, ...args);
  return !event.defaultPrevented;
}
